import { hash, timingSafeEqual } from 'node:crypto';
import { type Principal, rejected, type Verdict } from './verdict.ts';

/** Project id → SHA-256 digests of its tokens, hexadecimal. As in `STATIC_TOKENS`. */
export type StaticTokenDigests = Readonly<Record<string, readonly string[]>>;

/**
 * Judges tokens by configured digests. All digests are compared in constant time, none is skipped after a hit, so that
 * time tells neither which token was meant nor how much of it was right.
 */
export function createStaticTokenVerifier(digests: StaticTokenDigests): (token: string) => Verdict {
  const known = Object.entries(digests).flatMap(([projectId, list]) =>
    list.map((digest) => ({ digest: Buffer.from(digest, 'hex'), principal: principalOf(projectId, digest) })),
  );
  return (token) => {
    const given = Buffer.from(hash('sha256', token, 'hex'), 'hex');
    let principal: Principal | undefined;
    for (const entry of known) if (timingSafeEqual(given, entry.digest)) principal = entry.principal;
    if (principal === undefined) return rejected('unknown-token');
    return { outcome: 'accepted', principal, expiresAtMs: Number.POSITIVE_INFINITY };
  };
}

/**
 * Named by the beginning of its digest: enough to tell one token of the configuration from another, in a log or a rate
 * limit.
 */
function principalOf(projectId: string, digest: string): Principal {
  return { projectId, userId: `static-${digest.slice(0, 8).toLowerCase()}`, roles: undefined };
}
