/** What an event asks for: one request and one answer, or a list of each in the same order. */
export interface EventRequests {
  /** As in the audit line. */
  readonly trigger: string;
  readonly requests: EventRequest | readonly EventRequest[];
}

/** One request; gives its body. @throws {ServiceError} what `unwrap` throws */
export type EventRequest = () => unknown;

/** An event of a trigger that this function does not serve. The message says which, and where to go instead. */
export class UnsupportedTriggerError extends Error {
  override readonly name = 'UnsupportedTriggerError';
}
