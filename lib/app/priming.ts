import { createHttpFunction } from '../adapters/http-event/http-function.ts';
import type { PlatformReply } from '../adapters/http-event/platform-reply.ts';
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
 * Runs one fake request through a throw-away chain, which draws nothing, asks nobody and writes nowhere, so that V8
 * compiles the code of a request during init. There it takes 1 ms of a whole CPU; a first request of a function with
 * 256 MB has a seventh of one.
 */
export function primeHttp(): Promise<PlatformReply> {
  const monotonicMs = (): number => 0;
  const log = createLog({ level: 'error', writeLine: () => undefined, now: () => 0 });
  const writeAuditLine = createAuditor({ log, monotonicMs });
  const pipeline = createPipeline({
    writeAuditLine,
    monotonicMs,
    errors: { iamUrl: undefined, body: 'documented' },
    judge: ({ headerValues }) => {
      headerValues('x-auth-token');
      return { outcome: 'accepted', principal: PRINCIPAL, expiresAtMs: 0 };
    },
    allowedRoles: undefined,
    draw: (length): Draw => ({ bytes: new Uint8Array(length), sources: [], omitted: [] }),
  });
  const httpFunction = createHttpFunction({ pipeline, writeAuditLine, freshRequestId: () => 'priming' });
  return httpFunction(EVENT, {});
}
