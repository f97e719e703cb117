import { ServiceError } from '../../errors.ts';
import { MAX_BODY_BYTES } from '../../limits.ts';

/** What an event asks for: one request and one answer, or a list of each in the same order. */
export interface EventRequests {
  /** As in the audit line. */
  readonly trigger: string;
  readonly requests: EventRequest | readonly EventRequest[];
}

/** One request; gives its body. @throws {ServiceError} `length-missing`, `body-not-json` or `body-too-long` */
export type EventRequest = () => unknown;

/** An event of a trigger that this function does not serve. The message says which, and where to go instead. */
export class UnsupportedTriggerError extends Error {
  override readonly name = 'UnsupportedTriggerError';
}

/** A request that a trigger carries as text, or as an object already. */
export function requestOf(carried: unknown): EventRequest {
  return () => {
    if (carried === undefined || carried === null || carried === '') throw new ServiceError('length-missing');
    if (typeof carried !== 'string') return carried;
    if (Buffer.byteLength(carried) > MAX_BODY_BYTES) throw new ServiceError('body-too-long');
    try {
      return JSON.parse(carried);
    } catch {
      throw new ServiceError('body-not-json');
    }
  };
}
