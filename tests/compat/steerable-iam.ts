import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from '../../lib/adapters/container/lifecycle.ts';
import { DEMO } from '../../lib/local/demo.ts';
import { createLocalIam } from '../../lib/local/iam.ts';

const A_DAY_AND_MORE_MS = 25 * 60 * 60 * 1_000;

/** The embedded IAM with the demo's account, and what may befall it. */
export interface SteerableIam {
  /** Such as `http://127.0.0.1:8000`, without the version. */
  readonly origin: string;
  /** Lists the service under test in the catalogue. @param url with the version */
  readonly listKms: (url: string) => void;
  /** All tokens are past their end from now on, by its own clock. */
  readonly expireTokens: () => void;
  /** All tokens are unknown from now on. */
  readonly revokeTokens: () => void;
  /** It validates no token until told otherwise, and still gives them. */
  readonly breakDown: (isBroken: boolean) => void;
  readonly stop: () => void;
}

export async function startSteerableIam(): Promise<SteerableIam> {
  const server = createServer();
  const origin = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
  let kmsUrl = `${origin}/v1.0`;
  let aheadMs = 0;
  let isBroken = false;
  const account = { user: DEMO.user, password: DEMO.password, domain: DEMO.domain, projects: [DEMO.project] };
  const create = () =>
    createLocalIam({
      accounts: [{ ...account, roles: [DEMO.role] }],
      baseUrl: `${origin}/v3`,
      kmsUrl,
      now: () => Date.now() + aheadMs,
      randomBytes: (length) => randomBytes(length),
    });
  let iam = create();
  server.on('request', (request, response) => {
    const isValidation = request.method === 'GET' && request.url?.startsWith('/v3/auth/tokens') === true;
    if (isBroken && isValidation) response.writeHead(503).end();
    else iam(request, response);
  });
  return {
    origin,
    listKms(url) {
      kmsUrl = url;
      iam = create();
    },
    expireTokens() {
      aheadMs += A_DAY_AND_MORE_MS;
    },
    revokeTokens() {
      iam = create();
    },
    breakDown(broken) {
      isBroken = broken;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
