import { PROJECT_ID_LENGTH } from './limits.ts';

// Forms of configuration variables. Written by hand: a schema library costs 5 ms of a 45 ms start-up and 8 kB of the
// bundle, and its messages repeat the value, which may be a secret put into the wrong variable.

/** How a variable is read. */
export interface Variable<Value> {
  /** Continues the variable's name: "must be …". */
  readonly form: string;
  /** As text; absent where the variable may stay unset. */
  readonly default?: string;
  /** @returns undefined for what is not of the form, `Wrong` where a part of it can be named */
  read(text: string): Value | Wrong | undefined;
}

/** Says which part of a value is not of the form; continues the variable's name. Never repeats the value. */
export class Wrong {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

export type WithDefault<Value> = Variable<Value> & { readonly default: string };

/** By name. */
export type Variables = Readonly<Record<string, Variable<unknown>>>;

type ValueOf<V> =
  V extends WithDefault<infer Value> ? Value : V extends Variable<infer Value> ? Value | undefined : never;

export type ValuesOf<V extends Variables> = { readonly [Name in keyof V]: ValueOf<V[Name]> };

export function withDefault<Value>(variable: Variable<Value>, text: string): WithDefault<Value> {
  return { ...variable, default: text };
}

/** A whole number in decimal digits. */
export function wholeNumber(minimum: number, maximum: number): Variable<number> {
  return {
    form: `must be a whole number from ${minimum} to ${maximum}`,
    read(text) {
      const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return number >= minimum && number <= maximum ? number : undefined;
    },
  };
}

export function oneOf<const Name extends string>(names: readonly Name[]): Variable<Name> {
  return {
    form: `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    read: (text) => names.find((name) => name === text),
  };
}

/** Names separated by commas, each one of `names`, none twice, at least one. */
export function listOf<const Name extends string>(names: readonly Name[]): Variable<readonly Name[]> {
  return {
    form: `must be a comma list of ${names.join(', ')}, each once`,
    read(text) {
      const items = splitList(text);
      const known = items.map((item) => names.find((name) => name === item)).filter((name) => name !== undefined);
      const isGood = known.length === items.length && new Set(items).size === items.length;
      return isGood && items.length > 0 ? known : undefined;
    },
  };
}

/** Any names separated by commas, at least one. */
export const anyList: Variable<readonly string[]> = {
  form: 'must be a comma list',
  read(text) {
    const items = splitList(text);
    return items.length > 0 ? items : undefined;
  },
};

export const anyText: Variable<string> = { form: 'must be text', read: (text) => text };

/**
 * Where the service is mounted: `/random`, without a slash at its end. A slash alone is the root, and read as empty.
 */
export const basePath: Variable<string> = {
  form: 'must be a path such as /random (letters, digits, slashes and -._~) that does not begin like one of the API',
  read(text) {
    const path = text.replace(/\/$/, '');
    const isGood = /^(?:\/(?!\.{1,2}(?:\/|$))[0-9A-Za-z._~-]+)*$/.test(path);
    return isGood && !/^\/(?:v1\.0|health|healthz|readyz)(?:\/|$)/.test(path) ? path : undefined;
  },
};

export function matching(pattern: RegExp, form: string): Variable<string> {
  return { form, read: (text) => (pattern.test(text) ? text : undefined) };
}

export const projectId = matching(
  new RegExp(`^[0-9A-Za-z]{${PROJECT_ID_LENGTH}}$`),
  `must be ${PROJECT_ID_LENGTH} letters and digits`,
);

export const accessKey = matching(/^[0-9A-Za-z_-]{1,128}$/, 'must be up to 128 letters, digits, - and _');

/** It is sent as a header. */
export const securityToken = matching(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks');

/**
 * A Keystone v3 base, written as URLs are: host in lower case and ASCII, no slash at its end. One without `/v3` would
 * answer 404 to every token, which reads as "unknown token".
 */
export const serviceUrl: Variable<string> = {
  form: 'must be an https URL (http only for a loopback host) that ends in /v3, without user, query or fragment',
  read(text) {
    const url = bareUrl(text);
    return url && /\/v3\/?$/.test(url.pathname) ? `${url.origin}${url.pathname.replace(/\/$/, '')}` : undefined;
  },
};

/** The origin of a service whose paths are fixed: scheme, host and port. */
export const originUrl: Variable<string> = {
  form: 'must be an https URL (http only for a loopback host) of a host alone, without user, path, query or fragment',
  read(text) {
    const url = bareUrl(text);
    return url?.pathname === '/' ? url.origin : undefined;
  },
};

function bareUrl(text: string): URL | undefined {
  if (!URL.canParse(text) || /[?#]/.test(text)) return undefined;
  const url = new URL(text);
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && loopback(url.hostname));
  return isSecure && url.username === '' && url.password === '' ? url : undefined;
}

/** Whether host name or address is this machine's own loopback. */
export function loopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

function splitList(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}
