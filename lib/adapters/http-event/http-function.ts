import { ServiceError } from '../../errors.ts';
import { healthReply, isLivenessProbe } from '../../http/health.ts';
import type { Pipeline } from '../../http/pipeline.ts';
import { parseJson } from '../../json.ts';
import type { WriteAuditLine } from '../../telemetry/audit-line.ts';
import type { Invocation } from '../function/invocation.ts';
import { isWarmUp } from '../function/warm-up.ts';
import { type PlatformReply, plainReply } from './platform-reply.ts';
import { readHttpEvent, UnknownEventError } from './read-http-event.ts';

export interface HttpFunctionOptions {
  readonly pipeline: Pipeline;
  readonly writeAuditLine: WriteAuditLine;
  readonly freshRequestId: () => string;
  readonly config?: { readonly BASE_PATH: string | undefined };
}

export type HttpFunction = (event: unknown, invocation: Invocation) => Promise<PlatformReply>;

/**
 * The function that a platform invokes for an HTTP trigger. A liveness probe and a warm-up event have no audit line.
 *
 * @throws {UnknownEventError} for an event of no known HTTP trigger: a reply would be a guess at the shape it wants
 */
export function createHttpFunction(options: HttpFunctionOptions): HttpFunction {
  const { pipeline, writeAuditLine, freshRequestId, config } = options;
  const readOptions = { freshRequestId, basePath: config?.BASE_PATH };
  return async (delivered, invocation) => {
    const event = typeof delivered === 'string' || Buffer.isBuffer(delivered) ? parseJson(delivered) : delivered;
    if (isWarmUp(event)) return plainReply(healthReply(true, invocation.requestId ?? freshRequestId()));
    try {
      const { request, toPlatformReply } = readHttpEvent(event, invocation, readOptions);
      const isProbe = isLivenessProbe(request.method, request.path);
      return toPlatformReply(isProbe ? healthReply(true, request.trail.requestId) : await pipeline(request));
    } catch (error) {
      if (error instanceof UnknownEventError) {
        const { requestId = freshRequestId() } = invocation;
        // The platform makes a 500 of what is thrown.
        const failure = new ServiceError('defect', { reason: 'unknown-event', detail: error.eventKeys });
        writeAuditLine({ requestId, failure });
      }
      throw error;
    }
  };
}
