import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Command, go, java, node, type Outcome, python, type RunningClient, startClient } from './clients.ts';
import { assertDocumented } from './migration-guide.ts';
import { type Service, startLocalRun, startService } from './service.ts';

const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const KEY = { access_key: 'ACCESSKEYOFTHETESTS0', secret_key: 'the-secret-key-of-the-tests', project_id: PROJECT_ID };
const CREDENTIALS = {
  HUAWEICLOUD_SDK_AK: KEY.access_key,
  HUAWEICLOUD_SDK_SK: KEY.secret_key,
  HUAWEICLOUD_SDK_PROJECT_ID: KEY.project_id,
};
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Signer {
  /** As the guide calls it. */
  readonly name: string;
  readonly command: Command;
  /** The shapes of an error in which it finds the code. */
  readonly readsCodeOf: readonly ErrorBody[];
  /** Ends of the service's address that it takes. */
  readonly ends: readonly string[];
  /** Its settings file, where its variable for the address of the IAM takes https alone. */
  readonly settings?: (iam: string) => string;
}
type ErrorBody = 'documented' | 'superset';

const SIGNERS: readonly Signer[] = [
  { name: 'huaweicloudsdkkms', command: python('huawei.py'), readsCodeOf: ['documented', 'superset'], ends: ['', '/'] },
  // It signs both slashes and sends one.
  { name: 'huaweicloud-sdk-core', command: node('huawei.cjs'), readsCodeOf: ['superset'], ends: [''] },
  {
    name: 'huaweicloud-sdk-go-v3',
    command: go('huawei'),
    readsCodeOf: ['documented', 'superset'],
    ends: ['', '/'],
    settings: (iam) =>
      `[basic]\nak=${DEMO_KEY.HUAWEICLOUD_SDK_AK}\nsk=${DEMO_KEY.HUAWEICLOUD_SDK_SK}\niam_endpoint=${iam}\n`,
  },
  { name: 'huaweicloud-sdk-kms', command: java('huawei'), readsCodeOf: ['documented', 'superset'], ends: ['', '/'] },
];

/** As `npm start` prints it. */
const DEMO_KEY = {
  HUAWEICLOUD_SDK_AK: 'DEMOACCESSKEY0000001',
  HUAWEICLOUD_SDK_SK: 'demo-secret-key-0000000000000000000000001',
};

const WRONG_SIGNATURE = {
  status: 401,
  code: 'APIGW.0301',
  message: 'Incorrect IAM authentication information.',
};
const REFUSED = [
  { name: 'a wrong secret', environment: { HUAWEICLOUD_SDK_SK: 'not-the-secret-key' }, ...WRONG_SIGNATURE },
  { name: 'an unknown access key', environment: { HUAWEICLOUD_SDK_AK: 'ANOTHERACCESSKEY0000' }, ...WRONG_SIGNATURE },
  {
    name: "another project than the key's",
    environment: { HUAWEICLOUD_SDK_PROJECT_ID: 'f'.repeat(32) },
    status: 403,
    code: 'KMS.0321',
    message: 'URIs in URL and X-Auth-Token do not match.',
  },
];
const WRONG_LENGTHS = [
  { bits: 7, code: 'KMS.1801', message: 'random_data_length must be in the range 8 bits to 8,192 bits.' },
  { bits: 12, code: 'KMS.1802', message: 'random_data_length must be a multiple of 8.' },
];

/** The service in each of its error shapes, one whose source is out of reach, and the local run. */
const services = new Map<ErrorBody | 'out' | 'local', Service>();
const urlOf = (name: ErrorBody | 'out' | 'local') => services.get(name)?.baseUrl ?? '';
before(async () => {
  const environment = { AUTH_METHODS: 'aksk', AKSK_CREDENTIALS: JSON.stringify([KEY]) };
  const deadSource = {
    ENTROPY_SOURCES: 'os,huawei-kms',
    // Nothing listens on the port of "discard".
    HUAWEI_KMS_URL: 'http://127.0.0.1:9',
    HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
    HUAWEI_ACCESS_KEY: 'key',
    HUAWEI_SECRET_KEY: 'secret',
  };
  services.set('documented', await startService(environment));
  services.set('superset', await startService({ ...environment, ERROR_BODY: 'superset' }));
  services.set('out', await startService({ ...environment, ...deadSource }));
  services.set('local', await startLocalRun());
});
after(() => Promise.all([...services.values()].map((service) => service.stop())));

for (const signer of SIGNERS) describe(signer.name, () => signerSuite(signer));

function signerSuite({ name, command, readsCodeOf, ends, settings }: Signer): void {
  const running: RunningClient[] = [];
  const start = (environment: Readonly<Record<string, string>>, files = {}) => {
    const client = startClient(command, environment, files);
    running.push(client);
    return client;
  };
  after(() => running.forEach(({ stop }) => void stop()));
  const draw = (endpoint: string, line: string | number, more = {}) =>
    start({ KMS_ENDPOINT: endpoint, ...CREDENTIALS, ...more }).draw(line);

  for (const end of ends) {
    test(`signs and draws at an endpoint that ends in "${end}"`, async () => {
      const client = start({ KMS_ENDPOINT: `${urlOf('documented')}${end}`, ...CREDENTIALS });
      for (const bits of [512, 8]) assert.equal((await client.draw(bits)).random_data?.length, bits / 4);
    });
  }

  test('finds its project by the name of the region at the IAM of the local run, and draws', async () => {
    const KMS_ENDPOINT = urlOf('local');
    const client =
      settings === undefined
        ? start({ KMS_ENDPOINT, HUAWEICLOUD_SDK_IAM_ENDPOINT: KMS_ENDPOINT, ...DEMO_KEY })
        : start(
            { KMS_ENDPOINT, HUAWEICLOUD_SDK_CREDENTIALS_FILE: 'credentials' },
            { credentials: settings(KMS_ENDPOINT) },
          );
    assert.equal((await client.draw(512)).random_data?.length, 128);
  });

  for (const errorBody of ['documented', 'superset'] as const) {
    const readsCode = readsCodeOf.includes(errorBody);
    const check = (outcome: Outcome, { status, code, message }: { status: number; code: string; message: string }) => {
      assert.match(outcome.request_id ?? '', UUID);
      // Of the nested error the SDK for Node sees nothing but the status.
      const shown = readsCode
        ? { status, code, message }
        : { status, message: `Request failed with status code ${status}` };
      const { request_id: _, shown: __, ...seen } = outcome;
      assert.deepEqual(seen, shown);
    };

    test(`ERROR_BODY=${errorBody}: a wrong length is ${readsCode ? 'a code with its message' : 'a status'}`, async () => {
      const client = start({ KMS_ENDPOINT: urlOf(errorBody), ...CREDENTIALS });
      for (const { bits, ...expected } of WRONG_LENGTHS) check(await client.draw(bits), { status: 400, ...expected });
    });

    // A few of them, because every one is a start of the client; the errors of one shape differ in their words alone.
    for (const { name: what, environment, ...expected } of errorBody === 'documented' ? REFUSED : []) {
      test(`${what} is ${readsCode ? `${expected.code} with its message` : expected.status}`, async () => {
        check(await draw(urlOf(errorBody), 512, environment), expected);
      });
    }
  }

  test('docs/migration.md shows what it prints', async () => {
    assertDocumented(name, {
      'wrong length': await draw(urlOf('documented'), 7),
      'wrong signature': await draw(urlOf('documented'), 512, { HUAWEICLOUD_SDK_SK: 'not-the-secret-key' }),
      outage: await draw(urlOf('out'), 512),
    });
  });
}
