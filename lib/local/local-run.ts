import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { join } from 'node:path';
import type { Connections } from '../adapters/container/connections.ts';
import { createHttpDoor } from '../adapters/container/http-door.ts';
import { createHttpServer, serve } from '../adapters/container/http-server.ts';
import { bareAddress, listen } from '../adapters/container/lifecycle.ts';
import { createLogGuard } from '../adapters/container/log-guard.ts';
import { withHealth } from '../adapters/container/probes.ts';
import { askForBody } from '../adapters/container/receive-body.ts';
import type { Listener } from '../adapters/container/send-reply.ts';
import { type App, createCore, withHttp } from '../app/core.ts';
import { readConfig } from '../app/read-config.ts';
import type { Config, Environment } from '../config/config.ts';
import { loopback } from '../forms.ts';
import { parseTarget, resolvePath } from '../http/target.ts';
import { MAX_IAM_HEADER_BYTES } from '../limits.ts';
import type { LogWriter } from '../telemetry/standard-output.ts';
import { DEMO, DEMO_KEY } from './demo.ts';
import { createExplorer } from './explorer.ts';
import { createLocalIam } from './iam.ts';

export interface LocalRunOptions {
  readonly environment: Environment;
  readonly writer: LogWriter;
  /** The project's folder, where the API document and the explorer's package are. */
  readonly folder: string;
}

export interface LocalRun {
  readonly server: Server;
  readonly connections: Connections;
  /** Such as `http://127.0.0.1:8000`. */
  readonly baseUrl: string;
  /** Names of variables that are set and have no effect here. */
  readonly ignored: readonly string[];
}

/** It has an IAM, an account and a key of its own, whatever is exported for a deployment. */
const OWN: Environment = {
  AUTH_METHODS: 'iam',
  IAM_URL: 'http://127.0.0.1/v3',
  IAM_ALLOWED_ROLES: '',
  IAM_SERVICE_USER: '',
  IAM_SERVICE_PASSWORD: '',
  IAM_SERVICE_PASSWORD_FILE: '',
  IAM_SERVICE_DOMAIN: '',
  IAM_SERVICE_PROJECT: '',
  STATIC_TOKENS: '',
  STATIC_TOKENS_FILE: '',
  AKSK_CREDENTIALS: '',
  AKSK_CREDENTIALS_FILE: '',
  METRICS_PORT: '',
  SERVER_DOOR: 'http',
};

/**
 * The service with an IAM of its own and the API explorer, on loopback only: its password is public.
 *
 * @throws {TypeError} for a `HOST` that is not loopback
 * @throws {ConfigError}
 */
export async function startLocalRun({ environment, writer, folder }: LocalRunOptions): Promise<LocalRun> {
  const local = { ...environment, ...OWN, HOST: environment.HOST?.trim() || '127.0.0.1' };
  // What is wrong in the environment is said before anything listens; where the IAM will be is not known yet.
  const { HOST: host, PORT: wanted } = readConfig(local);
  if (!loopback(host)) {
    throw new TypeError('HOST must be loopback for the local run; `node dist/server/server.js` serves others');
  }
  const server = createHttpServer(MAX_IAM_HEADER_BYTES);
  const address = bareAddress(host);
  const port = await listen(server, address, wanted);
  const baseUrl = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const given = readConfig({ ...local, IAM_URL: `${baseUrl}/v3` });
  // Behind the configuration's back, which takes no key that everybody knows.
  const config: Config = { ...given, AUTH_METHODS: ['iam', 'aksk'], AKSK_CREDENTIALS: [DEMO_KEY] };
  const guard = createLogGuard(writer);
  const app = withHttp(guard.over(createCore(config, { writeLine: writer.writeLine })));
  const listener = createLocalListener(baseUrl, folder, { ...app, pipeline: guard.gate(app.pipeline) });
  const connections = serve(server, app, listener, { refusal: guard.refusal });
  const ignored = Object.keys(OWN).filter((name) => (environment[name] ?? '').trim() !== '');
  return { server, connections, baseUrl, ignored };
}

function createLocalListener(baseUrl: string, folder: string, app: App): Listener {
  const genRandom = withHealth(createHttpDoor(app), app, app.isEntropyReady);
  const iam = createLocalIam({
    accounts: [
      {
        user: DEMO.user,
        password: DEMO.password,
        domain: DEMO.domain,
        projects: [DEMO.project],
        roles: [DEMO.role],
        domainRoles: [DEMO.role],
        accessKey: DEMO_KEY,
      },
    ],
    baseUrl: `${baseUrl}/v3`,
    kmsUrl: `${baseUrl}/v1.0`,
    now: Date.now,
    randomBytes: (length) => randomBytes(length),
    onDefect: (error) =>
      app.log.note('error', 'defect in the embedded IAM', {
        cause: error instanceof Error ? error.name : typeof error,
      }),
  });
  const explore = createExplorer({
    openApiPath: join(folder, 'docs/openapi.yaml'),
    assetsPath: join(folder, 'node_modules/swagger-ui-dist'),
  });
  return (request, response, connection) => {
    const { path } = resolvePath(parseTarget(request.url));
    // Its list of versions, for a client whose address of the IAM names none. A browser gets the page.
    const isVersionList = path === '/' && isRead(request) && !acceptsPage(request);
    if (isVersionList || /^\/v3(?:\/|$)/.test(path)) {
      askForBody(request, response);
      iam(request, response);
    } else if (!explore(request, response)) genRandom(request, response, connection);
  };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function acceptsPage({ headers }: IncomingMessage): boolean {
  return /(?:^|,)\s*text\/html\s*(?:[,;]|$)/i.test(headers.accept ?? '');
}
