import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { runHandler } from '../support/child-process.ts';
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from '../support/connect-proxy.ts';
import { PATH, PROJECT_ID } from '../support/contract.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../support/kms-aws-dialect.ts';
import { startKmsBackend } from '../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../support/kms-huawei-dialect.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { assertWithout } from '../support/secrets.ts';
import { startTlsFront } from '../support/tls-front.ts';

// The container as a process of its own, for Node reads some of this from its environment at its start.

const PASSWORD = 'Zt5-password-of-the-proxy';
const CREDENTIALS = `user:${PASSWORD}`;
const TOKEN = 'a-token-that-iam-knows';
const PATIENCE = { timeout: 30_000 };

let certificate: Certificate;
before(async () => {
  certificate = await makeCertificate(['DNS:iam.test', 'DNS:kms.test']);
});
after(() => certificate.remove());

async function startIam(context: TestContext) {
  const server = plainServer((request, response) => {
    const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
    const isKnown = request.headers['x-subject-token'] === TOKEN;
    response.writeHead(isKnown ? 200 : 404).end(isKnown ? JSON.stringify({ token }) : '');
  });
  const { port, close } = await serveOnLoopback(server);
  context.after(close);
  return { port, tlsPort: await startTlsFront(context, certificate, port) };
}

interface Setup {
  readonly proxy?: ConnectProxyOptions;
  /** Besides those of the proxy, which are set anew by what is said here. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The container behind a proxy that asks for a password, its own IAM there unless it is told otherwise. */
async function start(context: TestContext, { proxy: options, environment = {} }: Setup = {}) {
  const iam = await startIam(context);
  const routes = { 'iam.test:443': iam.tlsPort, ...options?.routes };
  const proxy: ConnectProxy = await startConnectProxy(context, { credentials: CREDENTIALS, ...options, routes });
  const url = `http://${CREDENTIALS}@127.0.0.1:${proxy.port}`;
  const { output, written } = runHandler(context, 'server.ts', {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    IAM_URL: 'https://iam.test/v3',
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: url,
    HTTP_PROXY: url,
    NODE_EXTRA_CA_CERTS: certificate.file,
    ...environment,
  });
  const [, port] = await written(/"message":"listening".*"port":([0-9]+)/);
  return {
    proxy,
    iam,
    async ask(): Promise<number> {
      const headers = { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json' };
      const body = '{"random_data_length":"512"}';
      const response = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body });
      await response.text();
      return response.status;
    },
    /** Checks that the proxy's password is nowhere in what the process has written. */
    saysNoSecret(): void {
      const encoded = Buffer.from(CREDENTIALS).toString('base64');
      assertWithout(output.stdout + output.stderr, [PASSWORD, encoded, encoded.replace(/=+$/, '')]);
    },
  };
}

test('IAM is asked through the proxy, over one tunnel that is kept', PATIENCE, async (context) => {
  const { ask, proxy, saysNoSecret } = await start(context, { environment: { TOKEN_CACHE_TTL_SECONDS: '0' } });
  for (const _ of [1, 2, 3]) assert.equal(await ask(), 200);
  assert.deepEqual(proxy.asked, ['CONNECT iam.test:443']);
  saysNoSecret();
});

test("Huawei's KMS is asked through the proxy", PATIENCE, async (context) => {
  const kms = await startKmsBackend(huaweiDialect);
  context.after(kms.close);
  const { ask, proxy, saysNoSecret } = await start(context, {
    proxy: { routes: { 'kms.test:443': await startTlsFront(context, certificate, Number(new URL(kms.origin).port)) } },
    environment: {
      ENTROPY_SOURCES: 'huawei-kms',
      HUAWEI_KMS_URL: 'https://kms.test',
      HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
      HUAWEI_ACCESS_KEY: HUAWEI_KEYS.accessKey,
      HUAWEI_SECRET_KEY: HUAWEI_KEYS.secretKey,
      HUAWEI_SECURITY_TOKEN: HUAWEI_KEYS.securityToken,
    },
  });
  assert.equal(await ask(), 200);
  assert.deepEqual(new Set(proxy.asked), new Set(['CONNECT kms.test:443', 'CONNECT iam.test:443']));
  assert.deepEqual(kms.refusals(), []);
  saysNoSecret();
});

const ROLE_KEYS = {
  Code: 'Success',
  AccessKeyId: AWS_ENVIRONMENT.AWS_ACCESS_KEY_ID,
  SecretAccessKey: AWS_ENVIRONMENT.AWS_SECRET_ACCESS_KEY,
  Token: AWS_ENVIRONMENT.AWS_SESSION_TOKEN,
  Expiration: '2099-01-01T00:00:00Z',
};

test('AWS KMS is asked through the proxy, and the instance for credentials is not', PATIENCE, async (context) => {
  const kms = await startKmsBackend(awsDialect);
  context.after(kms.close);
  const asked: string[] = [];
  const instance = plainServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.method === 'PUT') response.end('a-token-of-the-instance');
    else response.end(request.url?.endsWith('/security-credentials/') ? 'a-role' : JSON.stringify(ROLE_KEYS));
  });
  const { origin, close } = await serveOnLoopback(instance);
  context.after(close);
  const { ask, proxy, saysNoSecret } = await start(context, {
    proxy: { routes: { 'kms.test:443': await startTlsFront(context, certificate, Number(new URL(kms.origin).port)) } },
    environment: {
      ENTROPY_SOURCES: 'aws-kms',
      AWS_REGION: AWS_ENVIRONMENT.AWS_REGION,
      AWS_ENDPOINT_URL_KMS: 'https://kms.test',
      AWS_CONFIG_FILE: '/nowhere/config',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: origin,
    },
  });
  assert.equal(await ask(), 200);
  assert.deepEqual(new Set(proxy.asked), new Set(['CONNECT kms.test:443', 'CONNECT iam.test:443']));
  assert.deepEqual(kms.refusals(), []);
  assert.equal(asked[0], 'PUT /latest/api/token');
  saysNoSecret();
});

test('an IAM on loopback goes direct', PATIENCE, async (context) => {
  const other = await startIam(context);
  const { ask, proxy } = await start(context, { environment: { IAM_URL: `http://127.0.0.1:${other.port}/v3` } });
  assert.equal(await ask(), 200);
  assert.deepEqual(proxy.asked, []);
});

for (const [name, environment] of [
  ['a host of NO_PROXY goes direct', { NO_PROXY: 'iam.test' }],
  ['without NODE_USE_ENV_PROXY nothing goes through a proxy', { NODE_USE_ENV_PROXY: '' }],
] as const) {
  // Nobody answers there: the name is known to the proxy alone.
  test(name, PATIENCE, async (context) => {
    const { ask, proxy } = await start(context, { environment });
    assert.ok([502, 504].includes(await ask()));
    assert.deepEqual(proxy.asked, []);
  });
}

const FAILURES: readonly (readonly [name: string, proxy: ConnectProxyOptions, status: number])[] = [
  ['refuses the password', { credentials: 'another:one' }, 502],
  ['does not know the host', { routes: { 'iam.test:443': 9 } }, 502],
  ['is silent', { isSilent: true }, 504],
];
for (const [name, options, status] of FAILURES) {
  test(
    `a proxy that ${name} is ${status} within the deadline, holds nothing and leaves no secret`,
    PATIENCE,
    async (context) => {
      const { ask, proxy, saysNoSecret } = await start(context, {
        proxy: options,
        environment: { IAM_TIMEOUT_MS: '300' },
      });
      const startedAtMs = performance.now();
      assert.equal(await ask(), status);
      assert.ok(performance.now() - startedAtMs < 2_000);
      while (proxy.open() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      saysNoSecret();
    },
  );
}

test('a certificate that nobody vouches for is refused behind the proxy too', PATIENCE, async (context) => {
  const { ask, proxy } = await start(context, { environment: { NODE_EXTRA_CA_CERTS: '' } });
  assert.equal(await ask(), 502);
  assert.deepEqual(proxy.asked, ['CONNECT iam.test:443']);
});

test('a wrong proxy does not start, and its password is not repeated', PATIENCE, async (context) => {
  const { ended, output } = runHandler(context, 'server.ts', {
    IAM_URL: 'https://iam.test/v3',
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: `socks5://${CREDENTIALS}@127.0.0.1:1080`,
  });
  assert.equal(await ended, 1);
  assert.equal(output.stderr, 'gen-random: configuration:\n  HTTPS_PROXY must be an http or https URL\n');
});
