/** Node's own variables for proxies (Node.js, "Built-in Proxy Support"). */
export const PROXY_VARIABLES: readonly string[] = [
  'NODE_USE_ENV_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'http_proxy',
  'HTTP_PROXY',
  'no_proxy',
  'NO_PROXY',
];

/** As Node's agents take it. The URLs may hold a password. */
export interface ProxySettings {
  readonly HTTPS_PROXY?: string;
  readonly HTTP_PROXY?: string;
  readonly NO_PROXY: string;
}

export interface ReadProxy {
  /** Undefined where nothing goes through a proxy. */
  readonly settings: ProxySettings | undefined;
  /** A sentence for each variable that is wrong; it repeats no value. */
  readonly problems: readonly string[];
}

/**
 * Never through a proxy: this machine, and the link-local addresses from which clouds hand out credentials. IPv6 has
 * none in this list, because no URL can name one.
 */
const DIRECT = ['localhost', '127.0.0.0-127.255.255.255', '[::1]', '::1', '169.254.0.0-169.254.255.255'];

/**
 * Reads the proxies where `NODE_USE_ENV_PROXY` is 1, Node's own word for it. Lower-case names go before the others.
 *
 * @param isSupported whether this Node's agents can use a proxy; others would go past it without a word
 */
export function readProxy(environment: Readonly<Record<string, string | undefined>>, isSupported: boolean): ReadProxy {
  const nameOf = (name: string): string => (environment[name.toLowerCase()] ? name.toLowerCase() : name);
  const given = ['HTTPS_PROXY', 'HTTP_PROXY'].filter((name) => environment[nameOf(name)]);
  if (environment.NODE_USE_ENV_PROXY !== '1' || given.length === 0) return { settings: undefined, problems: [] };
  const problems = given
    .filter((name) => !isProxyUrl(environment[nameOf(name)] ?? ''))
    .map((name) => `${nameOf(name)} must be an http or https URL`);
  if (!isSupported) {
    problems.push('NODE_USE_ENV_PROXY is 1, but this Node.js cannot use a proxy; it takes 22.21, 24.5 or newer');
  }
  const urls = Object.fromEntries(given.map((name) => [name, environment[nameOf(name)]]));
  const exceptions = [environment[nameOf('NO_PROXY')], ...DIRECT].filter(Boolean);
  return { settings: { ...urls, NO_PROXY: exceptions.join(',') }, problems };
}

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && isDecodable(username) && isDecodable(password);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
