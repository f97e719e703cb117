import { setImmediate } from 'node:timers/promises';
import type { DrawEntropy } from '../../entropy/draw.ts';
import { catalogueRow, type ErrorKey, ServiceError, toServiceError } from '../../errors.ts';
import { type GenerateReply, generate } from '../../gen-random/generate.ts';
import { readJson } from '../../json.ts';
import { EVENTS_PER_TURN, MAX_EVENT_REQUESTS } from '../../limits.ts';
import type { Trail, WriteAuditLine } from '../../telemetry/audit-line.ts';
import type { Invocation } from '../function/invocation.ts';
import { isWarmUp } from '../function/warm-up.ts';
import { type EventRequest, type EventRequests, UnsupportedTriggerError } from './event-request.ts';
import { readEvent } from './read-event.ts';
import { type EventError, mayBeTooLong, toEventError } from './reply-size.ts';

export interface EventFunctionOptions {
  readonly writeAuditLine: WriteAuditLine;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  readonly draw: DrawEntropy;
  readonly freshRequestId: () => string;
}

/** The answer to an event that only keeps the function warm. */
export const WARM = { status: 'ok' } as const;

export type EventResult = GenerateReply | readonly (GenerateReply | EventError)[] | typeof WARM;
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
 * `lambda:InvokeFunction`, FunctionGraph's trigger) guards it, and no HTTP request is served. A warm-up event has no
 * audit line.
 *
 * @throws {FailedRequestError} for a single request, an event that is no JSON and a list that is too long or whose
 *   answer would be; else a list has its errors in their places
 * @throws {UnsupportedTriggerError}
 */
export function createEventFunction(options: EventFunctionOptions): EventFunction {
  const { draw, freshRequestId, monotonicMs, writeAuditLine } = options;

  /** @returns undefined for a warm-up event */
  function read(delivered: unknown, trail: Trail): EventRequests | undefined {
    try {
      const event = typeof delivered === 'string' || Buffer.isBuffer(delivered) ? readJson(delivered) : delivered;
      return isWarmUp(event) ? undefined : readEvent(event);
    } catch (error) {
      if (error instanceof ServiceError) return refuse(error, trail);
      const isKnown = error instanceof UnsupportedTriggerError;
      const why = isKnown ? { reason: 'unsupported-trigger' as const, detail: error.message } : { cause: error };
      writeAuditLine({ ...trail, failure: new ServiceError('defect', why) });
      throw error;
    }
  }

  function refuse(failure: ServiceError, trail: Trail): never {
    writeAuditLine({ ...trail, failure });
    throw new FailedRequestError(failure);
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

  return async (event, { requestId = freshRequestId(), traceId, remainingMs, isSenderGone }) => {
    const eventRequests = read(event, { requestId, traceId });
    if (eventRequests === undefined) return WARM;
    const { trigger, requests } = eventRequests;
    const trail = { requestId, traceId, trigger, isSenderGone };
    if (typeof requests === 'function') {
      return answer(requests, trail, remainingMs).catch(throwFailedRequest);
    }
    if (requests.length > MAX_EVENT_REQUESTS) {
      refuse(new ServiceError('body-too-long', { reason: 'too-many-requests-in-event' }), trail);
    }
    // What cannot be returned is not drawn: the platform would throw the answer away and, for some triggers, ask again.
    if (await mayBeTooLong(requests)) {
      refuse(new ServiceError('body-too-long', { reason: 'reply-too-long' }), trail);
    }
    const results: (GenerateReply | EventError)[] = [];
    // One after the other: a list must not ask a remote source for everything at once.
    for (const request of requests) {
      const result = answer(request, { ...trail }, remainingMs);
      results.push(await result.catch((error: unknown) => toEventError(toServiceError(error).key)));
      // Local entropy answers at once and would never let another request or a probe in between.
      if (results.length % EVENTS_PER_TURN === 0) await setImmediate();
    }
    return results;
  };
}

function throwFailedRequest(error: unknown): never {
  throw new FailedRequestError(toServiceError(error));
}
