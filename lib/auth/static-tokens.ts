import { hash, timingSafeEqual } from 'node:crypto';
import { rejected, type Verdict } from './verdict.ts';

/** Project id → SHA-256 digests of its tokens, hexadecimal. As in `STATIC_TOKENS`. */
export type StaticTokenDigests = Readonly<Record<string, readonly string[]>>;

/**
 * Judges tokens by configured digests. All digests are compared in constant time, none is skipped after a hit, so that time
 * tells neither which token was meant nor how much of it was right.
 */
export function createStaticTokenVerifier(digests: StaticTokenDigests): (token: string) => Verdict {
  const known = Object.entries(digests).flatMap(([projectId, list]) =>
    list.map((digest) => ({ projectId, digest: Buffer.from(digest, 'hex') })),
  );
  return (token) => {
    const given = Buffer.from(hash('sha256', token, 'hex'), 'hex');
    let projectId: string | undefined;
    for (const entry of known) if (timingSafeEqual(given, entry.digest)) projectId = entry.projectId;
    if (projectId === undefined) return rejected('unknown-token');
    const principal = { projectId, userId: undefined, roles: undefined };
    return { outcome: 'accepted', principal, expiresAtMs: Number.POSITIVE_INFINITY };
  };
}
