import { createHttpFunction } from '../adapters/http-event/http-function.ts';
import type { PlatformReply } from '../adapters/http-event/read-http-event.ts';
import type { Draw } from '../entropy/draw.ts';
import { createPipeline } from '../http/pipeline.ts';
import { createAuditor } from '../telemetry/audit-line.ts';
import { createLog } from '../telemetry/log.ts';

const PROJECT_ID = '0'.repeat(32);

const EVENT = {
  rawPath: `/v1.0/${PROJECT_ID}/kms/gen-random`,
  headers: { 'content-type': 'application/json', 'x-auth-token': 'none' },
  requestContext: { http: { method: 'POST' }, requestId: 'priming' },
  body: '{"random_data_length":"8"}',
};

const PRINCIPAL = { projectId: PROJECT_ID, userId: undefined, roles: undefined };

/**
 * Answers one request of its own by a chain of its own, which draws nothing, asks nobody and writes nowhere, and is gone when it returns.
 * V8 compiles a function when it is first called. That is 1 ms of an init, which has a whole CPU, and seven times as much of the first
 * request of a function with 256 MB, which has a seventh of one.
 */
export function primeHttp(): Promise<PlatformReply> {
  const monotonicMs = (): number => 0;
  const log = createLog({ level: 'error', writeLine: () => undefined, now: () => 0 });
  const pipeline = createPipeline({
    writeAuditLine: createAuditor({ log, monotonicMs }),
    monotonicMs,
    errors: { iamUrl: undefined, body: 'documented' },
    authenticate: ({ headerValues }) => {
      headerValues('x-auth-token');
      return { outcome: 'accepted', principal: PRINCIPAL, expiresAtMs: 0 };
    },
    allowedRoles: undefined,
    draw: (length): Draw => ({ bytes: new Uint8Array(length), sources: [], omitted: [] }),
  });
  return createHttpFunction({ pipeline, log, freshRequestId: () => 'priming' })(EVENT, {});
}
