import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import { runClient } from './clients.ts';
import { type Service, startService } from './service.ts';

const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const KEY = { access_key: 'ACCESSKEYOFTHETESTS0', secret_key: 'the-secret-key-of-the-tests', project_id: PROJECT_ID };

const Drawn = v.strictObject({ random_data: v.pipe(v.string(), v.regex(/^[0-9A-F]+$/)) });
const Refused = v.strictObject({
  exception: v.string(),
  status: v.number(),
  error_code: v.optional(v.string()),
  error_msg: v.string(),
  request_id: v.pipe(v.string(), v.uuid()),
});

interface Client {
  readonly name: string;
  readonly script: string;
  readonly errorBody: 'documented' | 'superset';
  /** Whether it finds the code in an error of that shape. */
  readonly readsCode: boolean;
}

const CLIENTS: readonly Client[] = [
  { name: 'the Python SDK', script: 'huawei.py', errorBody: 'documented', readsCode: true },
  { name: 'the Python SDK', script: 'huawei.py', errorBody: 'superset', readsCode: true },
  { name: 'the Node SDK', script: 'huawei.cjs', errorBody: 'documented', readsCode: false },
  { name: 'the Node SDK', script: 'huawei.cjs', errorBody: 'superset', readsCode: true },
];

const REFUSED = [
  {
    name: 'a wrong secret',
    task: { secret_key: 'not-the-secret-key', lengths: ['512'] },
    status: 401,
    code: 'APIGW.0301',
    message: 'Incorrect IAM authentication information.',
  },
  {
    name: 'an unknown access key',
    task: { access_key: 'ANOTHERACCESSKEY0000', lengths: ['512'] },
    status: 401,
    code: 'APIGW.0301',
    message: 'Incorrect IAM authentication information.',
  },
  {
    name: "another project than the key's",
    task: { project_id: 'f'.repeat(32), lengths: ['512'] },
    status: 403,
    code: 'KMS.0321',
    message: 'URIs in URL and X-Auth-Token do not match.',
  },
  {
    name: 'a length below the range',
    task: { lengths: ['7'] },
    status: 400,
    code: 'KMS.1801',
    message: 'random_data_length must be in the range 8 bits to 8,192 bits.',
  },
  {
    name: 'a length of no whole bytes',
    task: { lengths: ['12'] },
    status: 400,
    code: 'KMS.1802',
    message: 'random_data_length must be a multiple of 8.',
  },
];

for (const client of CLIENTS) describe(`${client.name} and ERROR_BODY=${client.errorBody}`, () => signedSuite(client));

function signedSuite({ script, errorBody, readsCode }: Client): void {
  let service: Service | undefined;
  before(async () => {
    service = await startService({
      AUTH_METHODS: 'aksk',
      AKSK_CREDENTIALS: JSON.stringify([KEY]),
      ERROR_BODY: errorBody,
    });
  });
  after(() => service?.stop());
  const run = (task: object) => runClient(script, { endpoint: service?.baseUrl, ...KEY, ...task });

  test('signs and draws, the length as text or number', async () => {
    const drawn = v.parse(v.array(Drawn), await run({ lengths: ['512', 512, '8'] }));
    assert.deepEqual(
      drawn.map(({ random_data }) => random_data.length),
      [128, 128, 2],
    );
  });

  for (const { name, task, status, code, message } of REFUSED) {
    test(`${name} is ${readsCode ? `${code} with its message` : `${status} without a code`}, and has a request id`, async () => {
      const [refused] = v.parse(v.tuple([Refused]), await run(task));
      assert.deepEqual([refused.exception, refused.status], ['ClientRequestException', status]);
      // Of the nested error the Node SDK sees nothing but the status.
      const shown = readsCode ? [code, message] : [undefined, `Request failed with status code ${status}`];
      assert.deepEqual([refused.error_code, refused.error_msg], shown);
    });
  }
}
