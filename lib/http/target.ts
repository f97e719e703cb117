/** What stands behind the method in a request line, taken apart. */
export interface RequestTarget {
  /** As it was sent; `/` where it is empty. */
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly query: string;
}

/** The one parser of a request target. RFC 9112 §3.2.2: a server takes the absolute form too. */
export function parseTarget(target = ''): RequestTarget {
  const [path = '', ...rest] = target.replace(/^https?:\/\/[^/?#]*/i, '').split('?');
  return { path: path === '' ? '/' : path, query: rest.join('?') };
}

/** A path as a listener or a gateway hands it over. */
export interface DeliveredPath {
  readonly path: string;
  /** The path that the client sent, where the gateway names it beside `path`. */
  readonly sentPath?: string | undefined;
  /** The stage of an API, such as `/dev`, which some gateways leave in front of the path. */
  readonly stage?: string;
}

export interface ResolvedPath {
  /** What is routed. */
  readonly path: string;
  /** The paths that the client may have signed; the one that was sent first. */
  readonly signedPaths: readonly string[];
}

/**
 * Takes off what stands in front of a path: slashes at its beginning count as one (clients whose endpoint ends in a
 * slash send `//v1.0/…`), then base path and stage, each once. A path without them stays as it is.
 *
 * @param basePath such as `/random`, without a slash at its end; empty: none
 */
export function resolvePath({ path, sentPath = path, stage = '' }: DeliveredPath, basePath = ''): ResolvedPath {
  const plain = withOneSlash(path);
  // API Gateway has both orders: of a mapping that names no stage and of an HTTP API's own path.
  const behindStage = withoutPrefix(plain, stage) ?? path;
  const staged = withOneSlash(behindStage);
  const based = withoutPrefix(plain, basePath);
  const routed =
    based === undefined ? withoutPrefix(staged, basePath) : (withoutPrefix(withOneSlash(based), stage) ?? based);
  const signedPaths = [sentPath, path, behindStage, staged];
  // The gateway has taken the base path off: the client signed it all the same.
  if (basePath !== '' && routed === undefined) signedPaths.push(`${basePath}${staged}`, `${basePath}${behindStage}`);
  return { path: withOneSlash(routed ?? staged), signedPaths: [...new Set(signedPaths)] };
}

function withOneSlash(path: string): string {
  return path.replace(/^\/{2,}/, '/');
}

/** @returns what is behind the prefix, all slashes kept; undefined where the path does not begin with these segments */
function withoutPrefix(path: string, prefix: string): string | undefined {
  if (prefix === '') return undefined;
  if (path === prefix) return '/';
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}
