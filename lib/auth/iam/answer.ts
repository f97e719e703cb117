import * as v from 'valibot';
import type { Failed } from '../../outbound/send.ts';
import type { Undecided } from '../verdict.ts';

export function undecided(indecision: Undecided['indecision'], detail: string, cause?: unknown): Undecided {
  return { outcome: 'undecided', indecision, detail, cause };
}

export function undecidedBy(failed: Failed): Undecided {
  return undecided(failed.failure, `IAM: ${failed.detail}`, failed.cause);
}

/** @returns undefined for what is no JSON */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Keystone writes `2020-01-04T09:08:49.965000Z`; without a zone it would be anybody's time. To milliseconds since the epoch. */
export const timestamp = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/),
  v.transform(Date.parse),
  v.number(),
  v.finite(),
);
