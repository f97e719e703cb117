import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { createJudge } from '../../lib/auth/judge-credential.ts';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { OTHER_PROJECT_ID, PATH } from '../support/contract.ts';
import { doorsOfRow } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { ACCEPTED, createScriptedApp } from '../support/scripted-app.ts';
import { assertWithout, SECRET_BYTES, SECRET_PASSWORD, SECRET_TOKEN } from '../support/secrets.ts';
import { type WireOptions, wireRequest } from '../support/wire-request.ts';

const SECRETS = [SECRET_TOKEN, SECRET_PASSWORD];

const script = {
  judge: createJudge({
    iam: (token): Verdict => (token === SECRET_TOKEN ? ACCEPTED : rejected('unknown-token')),
  }),
  draw: (length: number) => ({ bytes: SECRET_BYTES.slice(0, length), sources: ['scripted'], omitted: [] }),
};
const { app, raw: lines } = createScriptedApp(script);
const doors = await openDoors(app, { after });

const tokens = [SECRET_TOKEN];
const good = { random_data_length: '512' };

const REQUESTS: readonly (readonly [name: string, request: WireOptions, status: number])[] = [
  ['a good one', { tokens }, 200],
  ['a password in a member that nobody reads', { tokens, body: { ...good, password: SECRET_PASSWORD } }, 200],
  ['secrets in headers that nobody reads', { tokens, headers: strayHeaders() }, 200],
  ['secrets in the query', { tokens, query: `token=${SECRET_TOKEN}&password=${SECRET_PASSWORD}` }, 200],
  ['a token that is refused', { tokens: [`${SECRET_TOKEN}x`] }, 403],
  ['a token twice', { tokens: [`${SECRET_TOKEN},${SECRET_TOKEN}`] }, 401],
  ['a token with a control character', { tokens: [`${SECRET_TOKEN}\t${SECRET_PASSWORD}`] }, 401],
  ['an over-long token', { tokens: [SECRET_TOKEN.repeat(800)] }, 401],
  ['a token as another credential', { headers: [['Authorization', `Bearer ${SECRET_TOKEN}`]] }, 401],
  ['a token for another project', { tokens, path: `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random` }, 403],
  ['a token in an unknown path', { tokens, path: `/${SECRET_TOKEN}` }, 404],
  ['a token as a project id', { tokens, path: `/v1.0/${SECRET_TOKEN}/kms/gen-random` }, 400],
  ['a token under an unsupported method', { tokens, method: 'PUT', path: `${PATH}/` }, 405],
  ['a token as a content type', { tokens, contentType: SECRET_TOKEN }, 400],
  ['a password as the whole body', { tokens, body: SECRET_PASSWORD }, 400],
  ['a password in broken JSON', { tokens, body: `{"password":"${SECRET_PASSWORD}",}` }, 400],
  ['a password in a member __proto__', { tokens, body: `{"__proto__":{"password":"${SECRET_PASSWORD}"}}` }, 400],
  ['a password in an array', { tokens, body: [SECRET_PASSWORD] }, 400],
  ['a password as a string', { tokens, body: JSON.stringify(SECRET_PASSWORD) }, 400],
  ['a password in a body that is no UTF-8', { tokens, body: Buffer.from(`{"${SECRET_PASSWORD}\xff`, 'latin1') }, 400],
  ['a password in an over-long body', { tokens, body: SECRET_PASSWORD.repeat(1000) }, 400],
  ['a password as a length', { tokens, body: { random_data_length: SECRET_PASSWORD } }, 400],
  ['a password as a sequence', { tokens, body: { ...good, sequence: SECRET_PASSWORD } }, 400],
];

for (const [index, [name, request, status]] of REQUESTS.entries()) {
  for (const door of doorsOfRow(doors, index)) {
    test(`${door.name}: ${name} is neither logged nor repeated`, async () => {
      const from = lines.length;
      const { answer } = await door.send(wireRequest(request));
      const logged = lines.slice(from).join('\n');
      assert.notEqual(logged, '');
      assert.equal(answer.status, status, answer.body);
      assertWithout(logged, [...SECRETS, SECRET_BYTES]);
      assertWithout(JSON.stringify(answer), SECRETS);
      assertWithout(JSON.stringify(answer.headers), [SECRET_BYTES]);
      if (status !== 200) assertWithout(answer.body, [SECRET_BYTES]);
    });
  }
}

test('the bytes are in their own answer, so the scan would see them elsewhere', async () => {
  const { answer } = await doors[0].send(wireRequest({ tokens }));
  assert.throws(() => assertWithout(answer.body, [SECRET_BYTES]), /leaked/);
});

test('the values of an event of unknown shape are neither logged nor thrown', async () => {
  const event = { token: SECRET_TOKEN, list: [SECRET_PASSWORD], nested: { password: SECRET_PASSWORD } };
  for (const given of [event, JSON.stringify(event), `${SECRET_TOKEN} ${SECRET_PASSWORD}`]) {
    await assert.rejects(createHttpFunction(app)(given, {}), (error) => {
      assert(error instanceof Error);
      assertWithout(`${error.stack} ${JSON.stringify(error)}`, SECRETS);
      return true;
    });
  }
  assertWithout(lines.join('\n'), SECRETS);
});

function strayHeaders(): (readonly [string, string])[] {
  const names = ['X-Subject-Token', 'Cookie', 'Proxy-Authorization', 'X-Api-Key', 'User-Agent', 'X-Request-Id'];
  return names.flatMap((name) => [[name, `${SECRET_TOKEN} ${SECRET_PASSWORD}`] as const]);
}
