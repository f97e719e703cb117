import { hash } from 'node:crypto';
import type { Account, Named } from './iam-accounts.ts';

const TOKEN_BYTES = 32;
/** Bounds the memory of a run that nobody restarts; beyond it the oldest token is forgotten. */
const MAX_TOKENS = 10_000;

export type Scope =
  | { readonly kind: 'project'; readonly project: Named }
  | { readonly kind: 'domain' }
  | { readonly kind: 'unscoped' };

/** What a token stands for. Times are milliseconds since the epoch. */
export interface Grant {
  readonly account: Account;
  readonly scope: Scope;
  /** How its user was authenticated, `password` for example. */
  readonly methods: readonly string[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

export interface Issued {
  readonly token: string;
  readonly grant: Grant;
}

export interface TokenStore {
  /**
   * @param wanted.expiresAtMs default: a lifetime from now
   * @returns the token in clear, which the store itself does not keep
   */
  issue(wanted: Omit<Grant, 'issuedAtMs' | 'expiresAtMs'> & { readonly expiresAtMs?: number | undefined }): Issued;
  /** @returns `undefined` for a token that is unknown, revoked or expired. */
  find(token: string): Grant | undefined;
  revoke(token: string): void;
}

export interface TokenStoreOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly lifetimeSeconds: number;
  /** Default 10,000. */
  readonly maxTokens?: number;
}

export function createTokenStore(options: TokenStoreOptions): TokenStore {
  const { now, randomBytes, lifetimeSeconds, maxTokens = MAX_TOKENS } = options;
  // In order of issue.
  const grants = new Map<string, Grant>();

  function makeRoom(nowMs: number): void {
    for (const [key, grant] of grants) if (grant.expiresAtMs <= nowMs) grants.delete(key);
    for (const key of grants.keys()) {
      if (grants.size < maxTokens) return;
      grants.delete(key);
    }
  }

  return {
    issue({ account, scope, methods, expiresAtMs }) {
      const issuedAtMs = now();
      makeRoom(issuedAtMs);
      const token = Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url');
      const endMs = expiresAtMs ?? issuedAtMs + lifetimeSeconds * 1000;
      const grant = { account, scope, methods, issuedAtMs, expiresAtMs: endMs };
      grants.set(digest(token), grant);
      return { token, grant };
    },
    find(token) {
      const grant = grants.get(digest(token));
      return grant !== undefined && now() < grant.expiresAtMs ? grant : undefined;
    },
    revoke(token) {
      grants.delete(digest(token));
    },
  };
}

function digest(token: string): string {
  return hash('sha256', token, 'base64');
}
