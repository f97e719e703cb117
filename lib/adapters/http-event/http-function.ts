import type { Pipeline } from '../../http/pipeline.ts';
import { parseJson } from '../../json.ts';
import type { Log } from '../../telemetry/log.ts';
import { readInvocation } from '../function/invocation.ts';
import {
  type PlatformReply,
  type PlatformRequest,
  readPlatformEvent,
  toHttpEvent,
  UnknownEventError,
} from './read-http-event.ts';

export interface HttpFunctionOptions {
  readonly pipeline: Pipeline;
  readonly log: Log;
  readonly freshRequestId: () => string;
}

export type HttpFunction = (event: unknown, context: unknown) => Promise<PlatformReply>;

/**
 * The function that a platform invokes for an HTTP trigger.
 *
 * @throws {UnknownEventError} for an event of no known HTTP trigger: a reply would be a guess at the shape it wants
 */
export function createHttpFunction(options: HttpFunctionOptions): HttpFunction {
  return async (event, context) => {
    const { requestId, remainingMs } = readInvocation(context);
    const request = read(event, requestId, options.log);
    const reply = await options.pipeline(
      toHttpEvent(request, {
        requestId: request.requestId ?? requestId ?? options.freshRequestId(),
        remainingMs,
        bodyTooLong: false,
      }),
    );
    return request.toPlatformReply(reply);
  };
}

function read(event: unknown, requestId: string | undefined, log: Log): PlatformRequest {
  try {
    return readPlatformEvent(typeof event === 'string' || Buffer.isBuffer(event) ? parseJson(event) : event);
  } catch (error) {
    if (error instanceof UnknownEventError) {
      const reason = 'event of unknown shape';
      log.audit('error', { request_id: requestId, event_name: 'genRandom', reason, event_keys: error.eventKeys });
    }
    throw error;
  }
}
