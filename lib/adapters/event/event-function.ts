import { setImmediate } from 'node:timers/promises';
import type { DrawEntropy } from '../../entropy/draw.ts';
import { catalogueRow, type ErrorKey, ServiceError, toServiceError } from '../../errors.ts';
import { parseGenerateCommand } from '../../gen-random/command.ts';
import { type GenerateReply, generate } from '../../gen-random/generate.ts';
import { EVENTS_PER_TURN, MAX_EVENT_REQUESTS } from '../../limits.ts';
import type { Trail, WriteAuditLine } from '../../telemetry/audit-line.ts';
import type { Log } from '../../telemetry/log.ts';
import { readInvocation } from '../function/invocation.ts';
import { type EventRequests, type ReadBody, UnsupportedTriggerError } from './event-request.ts';
import { readEvent } from './read-event.ts';

export interface EventFunctionOptions {
  readonly log: Log;
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
export type EventFunction = (event: unknown, context: unknown) => Promise<EventResult>;

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
 * The function that a platform invokes for an event. It asks for no token: who may invoke it is guarded by the platform's own
 * permission (Lambda `lambda:InvokeFunction`, FunctionGraph's trigger), and no HTTP request is served.
 *
 * @throws {FailedRequestError} for a single request; a list has its errors in their places
 * @throws {UnsupportedTriggerError}
 */
export function createEventFunction(options: EventFunctionOptions): EventFunction {
  const { draw, freshRequestId, log, monotonicMs, writeAuditLine } = options;

  /** @throws {ServiceError} */
  async function answer(read: ReadBody, trail: Trail, remainingMs: number | undefined): Promise<GenerateReply> {
    const command = parseGenerateCommand(read());
    trail.bitLength = command.bitLength;
    trail.sequence = command.sequence;
    const { reply, sources, omitted } = await generate(command, draw, remainingMs);
    trail.sources = sources;
    trail.omitted = omitted;
    return reply;
  }

  return async (event, context) => {
    const { requestId = freshRequestId(), remainingMs } = readInvocation(context);
    const { trigger, requests } = readOrReport(event, requestId, log);
    const answerOne = async (read: ReadBody): Promise<GenerateReply | ServiceError> => {
      const trail: Trail = { trigger, startedAtMs: monotonicMs() };
      try {
        const reply = await answer(read, trail, remainingMs?.());
        writeAuditLine(requestId, trail, 200);
        return reply;
      } catch (cause) {
        trail.failure = toServiceError(cause);
        writeAuditLine(requestId, trail, catalogueRow(trail.failure.key).status);
        return trail.failure;
      }
    };
    if (typeof requests === 'function') return orThrow(await answerOne(requests));
    if (requests.length > MAX_EVENT_REQUESTS) {
      const failure = new ServiceError('body-too-long', { reason: 'too many requests in one event' });
      writeAuditLine(requestId, { trigger, failure }, catalogueRow(failure.key).status);
      throw new FailedRequestError(failure);
    }
    const results: (GenerateReply | EventError)[] = [];
    // One after the other: a list must not ask a remote source for everything at once.
    for (const read of requests) {
      results.push(orError(await answerOne(read)));
      // Local entropy answers at once and would never let another request or a probe in between.
      if (results.length % EVENTS_PER_TURN === 0) await setImmediate();
    }
    return results;
  };
}

function readOrReport(event: unknown, requestId: string, log: Log): EventRequests {
  try {
    return readEvent(event);
  } catch (error) {
    const reason = error instanceof UnsupportedTriggerError ? error.message : 'unexpected error';
    log.audit('error', { request_id: requestId, event_name: 'genRandom', resource_type: 'RNG', reason });
    throw error;
  }
}

function orThrow(result: GenerateReply | ServiceError): GenerateReply {
  if (result instanceof ServiceError) throw new FailedRequestError(result);
  return result;
}

function orError(result: GenerateReply | ServiceError): GenerateReply | EventError {
  if (!(result instanceof ServiceError)) return result;
  const { code, message } = catalogueRow(result.key);
  return { error: { error_code: code, error_msg: message } };
}
