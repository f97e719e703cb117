import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import { DOMAIN } from './accounts.ts';
import { runClient } from './clients.ts';
import { startKeystone } from './keystone.ts';
import { type Service, startLocalRun, startService } from './service.ts';

const Drawn = v.strictObject({ random_data: v.pipe(v.string(), v.regex(/^[0-9A-F]+$/)) });
const Failed = v.strictObject({
  exception: v.string(),
  text: v.string(),
  answer: v.strictObject({ status: v.number(), body: v.unknown(), request_id: v.pipe(v.string(), v.uuid()) }),
});

/** As in a user's `clouds.yaml`. */
function connectionTo(authUrl: string) {
  return {
    auth_url: authUrl,
    username: 'demo',
    password: 'demo',
    user_domain_name: DOMAIN.name,
    project_name: 'demo',
    project_domain_name: DOMAIN.name,
    region_name: 'local',
  };
}

describe('otcextensions with the local run', () => {
  let local: Service | undefined;
  before(async () => {
    local = await startLocalRun();
  });
  after(() => local?.stop());
  const run = (lengths: readonly number[], more: object = {}) =>
    runClient('otc.py', { connection: { ...connectionTo(`${local?.baseUrl}/v3`), ...more }, lengths });

  test('logs in, finds the service in the catalogue and draws', async () => {
    const [first, second] = v.parse(v.tuple([Drawn, Drawn]), await run([512, 8]));
    assert.deepEqual([first.random_data.length, second.random_data.length], [128, 2]);
  });

  const refused = [
    { length: 7, code: 'KMS.1801', message: 'random_data_length must be in the range 8 bits to 8,192 bits.' },
    { length: 12, code: 'KMS.1802', message: 'random_data_length must be a multiple of 8.' },
  ];
  for (const { length, code, message } of refused) {
    test(`raises the code of ${length} bits, and its connection shows message and request id`, async () => {
      const [{ exception, text, answer }] = v.parse(v.tuple([Failed]), await run([length]));
      assert.deepEqual([exception, text], ['SDKException', `Service returned an error with code=${code}`]);
      const { status, body } = answer;
      assert.deepEqual([status, body], [400, { error: { error_code: code, error_msg: message } }]);
    });
  }

  test("raises the code of another project's endpoint", async () => {
    const foreign = { kms_endpoint_override: `${local?.baseUrl}/v1.0/${'f'.repeat(32)}` };
    const [{ exception, text, answer }] = v.parse(v.tuple([Failed]), await run([512], foreign));
    assert.equal(exception, 'HttpException');
    assert.match(text, /KMS\.0321$/);
    assert.deepEqual(answer.body, {
      error: { error_code: 'KMS.0321', error_msg: 'URIs in URL and X-Auth-Token do not match.' },
    });
  });
});

test('otcextensions draws with a token of Keystone, and finds the service in its catalogue', async (t) => {
  const keystone = await startKeystone();
  t.after(() => keystone.stop());
  const service = await startService({ IAM_URL: keystone.baseUrl, IAM_TIMEOUT_MS: '10000' });
  t.after(() => service.stop());
  await keystone.listKms(`${service.baseUrl}/v1.0`);

  const task = { connection: connectionTo(keystone.baseUrl), lengths: [512] };
  const [{ random_data }] = v.parse(v.tuple([Drawn]), await runClient('otc.py', task));
  assert.equal(random_data.length, 128);
});
