import { setImmediate } from 'node:timers/promises';
import type { DrawEntropy } from '../../entropy/draw.ts';
import { catalogueRow, type ErrorKey, ServiceError, toServiceError } from '../../errors.ts';
import { type GenerateReply, generate } from '../../gen-random/generate.ts';
import { EVENTS_PER_TURN, MAX_EVENT_REQUESTS } from '../../limits.ts';
import type { Trail, WriteAuditLine } from '../../telemetry/audit-line.ts';
import type { Invocation } from '../function/invocation.ts';
import { type EventRequest, type EventRequests, UnsupportedTriggerError } from './event-request.ts';
import { readEvent } from './read-event.ts';

export interface EventFunctionOptions {
  readonly writeAuditLine: WriteAuditLine;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  readonly draw: DrawEntropy;
  readonly freshRequestId: () => string;
}

/** What stands in the place of a request of a list that failed, as in an HTTP answer. */
export interface EventError {
  readonly error: { readonly error_code: string; readonly error_msg: string };
}

export type EventResult = GenerateReply | readonly (GenerateReply | EventError)[];
export type EventFunction = (event: unknown, invocation: Invocation) => Promise<EventResult>;

/** A failed request of its own. Its name is Huawei's code, so that a Step Functions `Catch` can name it. */
export class FailedRequestError extends Error {
  override readonly name: string;
  readonly key: ErrorKey;

  constructor(error: ServiceError) {
    super(error.message);
    this.name = catalogueRow(error.key).code;
    this.key = error.key;
  }
}

/**
 * The function that a platform invokes for an event. It asks for no token: the platform's own permission (Lambda
 * `lambda:InvokeFunction`, FunctionGraph's trigger) guards it, and no HTTP request is served.
 *
 * @throws {FailedRequestError} for a single request; a list has its errors in their places
 * @throws {UnsupportedTriggerError}
 */
export function createEventFunction(options: EventFunctionOptions): EventFunction {
  const { draw, freshRequestId, monotonicMs, writeAuditLine } = options;

  function read(event: unknown, requestId: string): EventRequests {
    try {
      return readEvent(event);
    } catch (error) {
      const isKnown = error instanceof UnsupportedTriggerError;
      const why = isKnown ? { reason: 'unsupported-trigger' as const, detail: error.message } : { cause: error };
      writeAuditLine({ requestId, failure: new ServiceError('defect', why) });
      throw error;
    }
  }

  async function answer(request: EventRequest, trail: Trail, left?: () => number): Promise<GenerateReply> {
    trail.startedAtMs = monotonicMs();
    try {
      return await generate(request(), { draw, trail, monotonicMs, remainingMs: left?.() });
    } catch (error) {
      trail.failure = toServiceError(error);
      throw trail.failure;
    } finally {
      writeAuditLine(trail);
    }
  }

  return async (event, { requestId = freshRequestId(), remainingMs }) => {
    const { trigger, requests } = read(event, requestId);
    if (typeof requests === 'function') {
      return answer(requests, { requestId, trigger }, remainingMs).catch(throwFailedRequest);
    }
    if (requests.length > MAX_EVENT_REQUESTS) {
      const failure = new ServiceError('body-too-long', { reason: 'too-many-requests-in-event' });
      writeAuditLine({ requestId, trigger, failure });
      throw new FailedRequestError(failure);
    }
    const results: (GenerateReply | EventError)[] = [];
    // One after the other: a list must not ask a remote source for everything at once.
    for (const request of requests) {
      results.push(await answer(request, { requestId, trigger }, remainingMs).catch(toEventError));
      // Local entropy answers at once and would never let another request or a probe in between.
      if (results.length % EVENTS_PER_TURN === 0) await setImmediate();
    }
    return results;
  };
}

function throwFailedRequest(error: unknown): never {
  throw new FailedRequestError(toServiceError(error));
}

function toEventError(error: unknown): EventError {
  const { code, message } = catalogueRow(toServiceError(error).key);
  return { error: { error_code: code, error_msg: message } };
}
