import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '../../lib/errors.ts';
import { openHttpApi } from '../support/doors.ts';
import { createScriptedApp, SCRIPTED_TOKEN, type Script } from '../support/scripted-app.ts';
import { assertWithout, SECRET_BYTES, SECRET_PASSWORD, SECRET_TOKEN } from '../support/secrets.ts';
import { openServerDoor } from '../support/server-door.ts';
import { wireRequest } from '../support/wire-request.ts';

const HEX = Buffer.from(SECRET_BYTES).toString('hex').toUpperCase();
const TOLD = `token ${SECRET_TOKEN}, password ${SECRET_PASSWORD}, bytes ${HEX}`;
const SECRETS = [SECRET_TOKEN, SECRET_PASSWORD, SECRET_BYTES];

/** What may be thrown somewhere behind the door, with secrets wherever an error has room for them. */
const THROWN: readonly (readonly [name: string, thrown: unknown])[] = [
  ['an error', new Error(TOLD)],
  ['an error of several lines', new Error(`first\n${TOLD}\nlast`)],
  [
    'an error whose message looks like a stack',
    new Error(`first\n    at ${TOLD} (file.js:1:1)\n    at last (file.js:1:1)`),
  ],
  ['an error with a cause', new Error('outer', { cause: new Error(TOLD) })],
  ['an error with members', Object.assign(new Error('outer'), { body: TOLD, request: { headers: { token: TOLD } } })],
  [
    'an error that asks to be shown',
    Object.assign(new Error(TOLD), { statusCode: 418, expose: true, headers: { told: TOLD } }),
  ],
  ['an error that asks for 500', Object.assign(new Error(TOLD), { statusCode: 500, expose: true })],
  ['several errors', new AggregateError([new Error(TOLD)], TOLD)],
  ['an error of the system', Object.assign(new Error(TOLD), { code: 'ECONNRESET', address: TOLD })],
  [
    'an error of ours with a cause',
    new ServiceError('backend-unavailable', { reason: 'source-failed', cause: new Error(TOLD) }),
  ],
  ['a parser’s error', syntaxError(`{"token":"${SECRET_TOKEN}" "${SECRET_PASSWORD}"}`)],
  ['a string', TOLD],
  ['an object', { message: TOLD, statusCode: 200, toString: () => TOLD, toJSON: () => TOLD }],
  ['a list', [TOLD]],
];

for (const [name, thrown] of THROWN) {
  const fail = () => {
    throw thrown;
  };
  const scripts: readonly (readonly [name: string, script: Script])[] = [
    ['thrown by a verifier', { judge: fail }],
    ['rejected by a verifier', { judge: () => Promise.reject(thrown) }],
    ['thrown by an entropy source', { draw: fail }],
    ['rejected by an entropy source', { draw: () => Promise.reject(thrown) }],
    [
      'the cause of no verdict',
      { judge: () => ({ outcome: 'undecided', indecision: 'timeout', reason: 'iam-timeout', cause: thrown }) },
    ],
  ];
  for (const [place, script] of scripts) {
    test(`${name}, ${place}, tells nobody its message`, async (context) => {
      const { app, raw } = createScriptedApp(script);
      const { door: server } = await openServerDoor(app, context);
      const doors = [server, openHttpApi(app)];
      for (const door of doors) {
        const { answer } = await door.send(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
        assert(answer.status >= 500, `${door.name}: ${answer.status}`);
        assertWithout(JSON.stringify(answer), SECRETS);
      }
      assert.equal(raw.filter((line) => line.includes('"status":')).length, doors.length);
      assertWithout(raw.join('\n'), SECRETS);
    });
  }
}

test('the name and the place of a defect are logged', async () => {
  const { app, lines } = createScriptedApp({
    draw() {
      throw new RangeError(TOLD);
    },
  });
  await openHttpApi(app).send(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
  const [line, place] = lines;
  assert.deepEqual([line?.level, line?.code, line?.cause], ['error', 'KMS.0103', 'RangeError']);
  assert.deepEqual([place?.message, place?.request_id], ['defect', line?.request_id]);
  assert.match(String(place?.stack), /secrets-of-defects\.test\.ts/);
});

function syntaxError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
