import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DEMO, DEMO_KEY } from '../../lib/local/demo.ts';
import { type Command, go, java, type Outcome, python, type RunningClient, startClient } from './clients.ts';
import { assertDocumented } from './migration-guide.ts';
import { type Service, startLocalRun, startService } from './service.ts';
import { type SteerableIam, startSteerableIam } from './steerable-iam.ts';
import { issueToken } from './tokens.ts';

interface Client {
  /** As the guide calls it. */
  readonly name: string;
  readonly command: Command;
  /** Lines of its input that are good, and how many bits they stand for. */
  readonly good: Readonly<Record<string, number>>;
  /** Lines that are wrong, and what the service says of them. */
  readonly wrong: Readonly<Record<string, readonly [code: string, message: string]>>;
  /** Ends of the IAM's address that it takes. */
  readonly paths: readonly string[];
  /** Members of its errors that have the service's words; the others say it in what they show, if at all. */
  readonly reads: readonly ('code' | 'message' | 'request_id')[];
}

const USUAL = {
  paths: ['/v3', '/v3/', '', '/'],
  good: { 512: 512, 8: 8 },
  wrong: {
    7: ['KMS.1801', 'random_data_length must be in the range 8 bits to 8,192 bits.'],
    12: ['KMS.1802', 'random_data_length must be a multiple of 8.'],
  },
} as const;

const CLIENTS: readonly Client[] = [
  {
    name: 'keystoneauth1',
    command: python('keystoneauth.py'),
    ...USUAL,
    reads: ['code', 'message', 'request_id'],
  },
  { name: 'otcextensions', command: python('otc.py'), ...USUAL, reads: [] },
  {
    name: 'gophercloud',
    command: go('gophercloud'),
    ...USUAL,
    reads: ['code', 'message', 'request_id'],
  },
  {
    name: 'openstack4j',
    command: java('openstack4j'),
    paths: ['/v3', '/v3/'],
    // It draws 512 bits, always; its lines are sequences.
    good: { '': 512, '919c82d4-8046-4722-9094-35c3c6524cff': 512 },
    wrong: { short: ['KMS.0206', 'Invalid sequence number.'] },
    reads: ['request_id'],
  },
];

const PASSWORD = {
  OS_USERNAME: DEMO.user.name,
  OS_PASSWORD: DEMO.password,
  OS_USER_DOMAIN_NAME: DEMO.domain.name,
  OS_DOMAIN_NAME: DEMO.domain.name,
};

let local: Service;
/** A service that answers a dead token with 403, and one that does with 401. */
const services = new Map<'403' | '401', { iam: SteerableIam; service: Service }>();
before(async () => {
  local = await startLocalRun();
  for (const TOKEN_REFUSED_STATUS of ['403', '401'] as const) {
    const iam = await startSteerableIam();
    const environment = { IAM_URL: `${iam.origin}/v3`, TOKEN_CACHE_TTL_SECONDS: '0', TOKEN_REFUSED_STATUS };
    const service = await startService(environment);
    iam.listKms(`${service.baseUrl}/v1.0`);
    services.set(TOKEN_REFUSED_STATUS, { iam, service });
  }
});
after(async () => {
  await local.stop();
  for (const { iam, service } of services.values()) {
    iam.stop();
    await service.stop();
  }
});

for (const client of CLIENTS) describe(client.name, () => clientSuite(client));

function clientSuite({ name, command, paths, good, wrong, reads }: Client): void {
  const running: RunningClient[] = [];
  after(() => running.forEach(({ stop }) => void stop()));

  function start(origin: string, kms: string, login: Readonly<Record<string, string>>, path = '/v3'): RunningClient {
    const environment = {
      OS_AUTH_URL: `${origin}${path}`,
      OS_PROJECT_ID: DEMO.project.id,
      KMS_ENDPOINT: kms,
      ...login,
    };
    const client = startClient(command, environment);
    running.push(client);
    return client;
  }
  function startWithPassword(refusedStatus: '403' | '401') {
    const at = services.get(refusedStatus);
    if (at === undefined) throw new TypeError('it is not running');
    return { ...at, client: start(at.iam.origin, at.service.baseUrl, PASSWORD) };
  }
  const assertDraws = async (client: RunningClient) => {
    for (const [line, bits] of Object.entries(good)) {
      assert.equal((await client.draw(line)).random_data?.length, bits / 4);
    }
  };
  const [line = ''] = Object.keys(good);

  for (const path of paths) {
    test(`logs in by user and password at an address that ends in "${path}", and draws`, async () => {
      await assertDraws(start(local.baseUrl, local.baseUrl, PASSWORD, path));
    });
  }

  test('logs in by a token of its project, and draws', async () => {
    const issued = await issueToken(local.baseUrl);
    await assertDraws(start(local.baseUrl, local.baseUrl, { OS_AUTH_TYPE: 'token', OS_TOKEN: issued }));
  });

  test('shows the code, the message and the request id of a wrong request', async () => {
    const client = start(local.baseUrl, local.baseUrl, PASSWORD);
    for (const [bad, [code, message]] of Object.entries(wrong)) assertShown(await client.draw(bad), 400, code, message);
  });

  function assertShown(outcome: Outcome, status: number, code: string, message: string): void {
    if (reads.includes('code')) assert.deepEqual([outcome.status, outcome.code], [status, code]);
    if (reads.includes('message')) assert.equal(outcome.message, message);
    if (reads.includes('request_id'))
      assert.match(outcome.request_id ?? '', /^(?:req-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    if (reads.length < 3) assert.match(outcome.shown ?? '', new RegExp(code.replace('.', '\\.')));
  }

  for (const [what, kill] of [
    ['the expiry', (iam: SteerableIam) => iam.expireTokens()],
    ['the revocation', (iam: SteerableIam) => iam.revokeTokens()],
  ] as const) {
    test(`its session survives ${what} of its token where the service answers 401`, async () => {
      const { iam, client } = startWithPassword('401');
      assert.notEqual((await client.draw(line)).random_data, undefined);
      kill(iam);
      assert.notEqual((await client.draw(line)).random_data, undefined);
    });
  }

  test('docs/migration.md shows what it prints', async () => {
    const { iam, client } = startWithPassword('403');
    const [bad = ''] = Object.keys(wrong);
    const wrongRequest = await client.draw(bad);
    iam.breakDown(true);
    const outage = await client.draw(line);
    iam.breakDown(false);
    iam.revokeTokens();
    const label = name === 'openstack4j' ? 'wrong sequence' : 'wrong length';
    assertDocumented(name, { [label]: wrongRequest, 'dead token': await client.draw(line), outage });
  });
}

test('openstack4j signs with an access key, and draws', async (t) => {
  const login = { ACCESS_KEY: DEMO_KEY.accessKey, SECRET_KEY: DEMO_KEY.secretKey };
  const where = { OS_AUTH_URL: `${local.baseUrl}/v3`, OS_PROJECT_ID: DEMO.project.id, KMS_ENDPOINT: local.baseUrl };
  const client = startClient(java('openstack4j'), { ...where, ...login });
  t.after(client.stop);
  assert.equal((await client.draw('')).random_data?.length, 128);
  assert.match((await client.draw('short')).shown ?? '', /KMS\.0206/);
});
