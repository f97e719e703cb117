import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Connections } from '../adapters/container/connections.ts';
import { createHttpDoor } from '../adapters/container/http-door.ts';
import { createHttpServer, serve } from '../adapters/container/http-server.ts';
import { listen } from '../adapters/container/lifecycle.ts';
import { withHealth } from '../adapters/container/probes.ts';
import type { Listener } from '../adapters/container/send-reply.ts';
import { type App, createApp } from '../app/core.ts';
import { readConfig } from '../app/read-config.ts';
import type { Environment } from '../config/config.ts';
import { loopback } from '../forms.ts';
import { parseTarget, resolvePath } from '../http/target.ts';
import type { WriteLine } from '../telemetry/log.ts';
import { DEMO } from './demo.ts';
import { createExplorer } from './explorer.ts';
import { createLocalIam } from './iam.ts';

export interface LocalRunOptions {
  readonly environment: Environment;
  readonly writeLine: WriteLine;
  /** The project's folder, where the API document and the explorer's package are. */
  readonly folder: string;
}

export interface LocalRun {
  readonly server: Server;
  readonly connections: Connections;
  /** Such as `http://127.0.0.1:8000`. */
  readonly baseUrl: string;
}

/** It has an IAM and an account of its own, whatever is exported for a deployment. */
const OWN: Environment = {
  AUTH_METHODS: 'iam',
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
export async function startLocalRun({ environment, writeLine, folder }: LocalRunOptions): Promise<LocalRun> {
  const local = { ...environment, ...OWN, HOST: environment.HOST?.trim() || '127.0.0.1' };
  // What is wrong in the environment is said before anything listens; where the IAM will be is not known yet.
  const { HOST: host, PORT: wanted } = readConfig({ ...local, IAM_URL: 'http://127.0.0.1/v3' });
  if (!loopback(host)) {
    throw new TypeError('HOST must be loopback for the local run; `node dist/server/server.js` serves others');
  }
  const server = createHttpServer();
  const address = host.replace(/^\[|\]$/g, '');
  const port = await listen(server, address, wanted);
  const baseUrl = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const app = createApp(readConfig({ ...local, IAM_URL: `${baseUrl}/v3` }), { writeLine });
  const connections = serve(server, app, createLocalListener(baseUrl, folder, app));
  return { server, connections, baseUrl };
}

function createLocalListener(baseUrl: string, folder: string, app: App): Listener {
  const genRandom = withHealth(createHttpDoor(app), app, app.isEntropyReady);
  const iam = createLocalIam({
    accounts: [
      { user: DEMO.user, password: DEMO.password, domain: DEMO.domain, projects: [DEMO.project], roles: [DEMO.role] },
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
  return (request, response) => {
    const { path } = resolvePath(parseTarget(request.url));
    if (/^\/v3(?:\/|$)/.test(path)) iam(request, response);
    else if (!explore(request, response)) genRandom(request, response);
  };
}
