import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { TestContext } from 'node:test';
import { createHttpDoor } from '../../lib/adapters/container/http-door.ts';
import { createHttpServer, serve } from '../../lib/adapters/container/http-server.ts';
import { listen } from '../../lib/adapters/container/lifecycle.ts';
import type { App, Core } from '../../lib/app/core.ts';
import type { JudgeCredential } from '../../lib/auth/judge-credential.ts';
import { readToken } from '../../lib/auth/token.ts';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { parseConfig } from '../../lib/config/config.ts';
import type { DrawEntropy } from '../../lib/entropy/draw.ts';
import { createPipeline } from '../../lib/http/pipeline.ts';
import { createAuditor } from '../../lib/telemetry/audit-line.ts';
import { createLog } from '../../lib/telemetry/log.ts';
import { NO_OBSERVER } from '../../lib/telemetry/observer.ts';

export const PROJECT_ID = '0123456789abcdef0123456789abcdef';
export const PATH = `/v1.0/${PROJECT_ID}/kms/gen-random`;
export const TOKEN = 'a-good-token';
export const IAM_URL = 'http://127.0.0.1:9/v3';

export type AuditLine = Readonly<Record<string, unknown>>;

export interface TestServer {
  readonly port: number;
  readonly server: Server;
  /** The audit lines so far. */
  readonly lines: AuditLine[];
}

export interface TestServerOptions {
  /** Default: bytes 0xa5. */
  readonly draw?: DrawEntropy;
  /** Called before the server listens. */
  readonly adjust?: (server: Server) => void;
}

/** The real server and the real chain on a free port of 127.0.0.1; who is known and what is drawn is scripted. */
export async function startTestServer(context: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const lines: AuditLine[] = [];
  const app = createTestApp(lines, options);
  const server = createHttpServer();
  serve(server, app, createHttpDoor(app));
  options.adjust?.(server);
  const port = await listen(server, '127.0.0.1', 0);
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port, server, lines };
}

function createTestApp(lines: AuditLine[], options: TestServerOptions): App {
  const config = parseConfig({ IAM_URL }, { hasKernelRandom: true, readTextFile: String });
  const writeLine = (line: string) => lines.push(JSON.parse(line));
  const log = createLog({ level: config.LOG_LEVEL, writeLine, now: Date.now });
  const monotonicMs = () => performance.now();
  const core: Core = {
    config,
    log,
    observer: NO_OBSERVER,
    writeAuditLine: createAuditor({ log, monotonicMs }),
    errors: { iamUrl: config.IAM_URL, body: config.ERROR_BODY },
    draw: options.draw ?? drawConstant,
    isEntropyReady: () => true,
    isSourceOpen: () => true,
    warmedUp: undefined,
    now: Date.now,
    monotonicMs,
    freshRequestId: randomUUID,
  };
  const judge: JudgeCredential = ({ headerValues }) => judgeToken(headerValues('x-auth-token'));
  return { ...core, pipeline: createPipeline({ ...core, judge, allowedRoles: undefined }) };
}

/** `TOKEN` and whatever ends in it belongs to the project, every other token is unknown. */
function judgeToken(values: readonly string[]): Verdict {
  const reading = readToken(values);
  if (reading.kind !== 'token') return rejected(reading.kind === 'absent' ? 'no-credential' : 'malformed-token');
  if (!reading.token.endsWith(TOKEN)) return rejected('unknown-token');
  const principal = { projectId: PROJECT_ID, userId: 'u-1', roles: [] };
  return { outcome: 'accepted', principal, expiresAtMs: Number.MAX_SAFE_INTEGER };
}

const drawConstant: DrawEntropy = (length) => ({
  bytes: new Uint8Array(length).fill(0xa5),
  sources: ['scripted'],
  omitted: [],
});

export const BODY = '{"random_data_length":"8"}';

/** The head of a request, with the headers that every good one has. */
export function head(more: readonly string[] = [], requestLine = `POST ${PATH} HTTP/1.1`): string {
  const lines = [requestLine, 'Host: kms.test', `X-Auth-Token: ${TOKEN}`, 'Content-Type: application/json', ...more];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** A request that is answered 200 `{"random_data":"A5"}`. */
export function goodRequest(more: readonly string[] = []): string {
  return head([`Content-Length: ${BODY.length}`, ...more]) + BODY;
}
