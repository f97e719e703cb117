/** Path and query of a request, as they were sent. */
export interface Target {
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
}

/** RFC 9112, section 3.2.2: a server takes the absolute form too. */
export function readTarget(url: string | undefined): Target {
  const [path = '', query = ''] = (url ?? '').replace(/^https?:\/\/[^/?#]*/i, '').split(/\?(.*)/s, 2);
  return { path, query };
}
