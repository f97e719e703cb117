import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import { ConfigError, VARIABLES } from '../../lib/config/config.ts';
import { appOf } from '../support/app.ts';
import { openDoors } from '../support/doors.ts';
import { PASSWORD, startEmbeddedIam } from '../support/embedded-iam.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { assertWithout, SECRET_PASSWORD, SECRET_TOKEN } from '../support/secrets.ts';
import { wireRequest } from '../support/wire-request.ts';

const EXPIRY = '2999-01-01T00:00:00.000000Z';

/** An IAM that repeats the token wherever an answer has room for it. */
const TALKATIVE: readonly (readonly [name: string, status: number, listener: RequestListener])[] = [
  ['in a 401', 403, answering(401, (token) => `{"error":{"message":"${token}"}}`)],
  ['in a 403', 502, answering(403, (token) => `{"error":{"message":"${token}"}}`)],
  ['in a 429', 502, answering(429, (token) => token)],
  ['in a 500', 502, answering(500, (token) => `Traceback: ${token}\n    at ${token}`)],
  ['in a redirect', 502, answering(302, (token) => token)],
  ['in broken JSON', 502, answering(200, (token) => `{"token":"${token}"`)],
  ['in JSON of another shape', 502, answering(200, (token) => JSON.stringify({ token }))],
  ['as the expiry', 502, answering(200, (token) => JSON.stringify({ token: { expires_at: token } }))],
  ['as the project', 502, answering(200, (token) => JSON.stringify({ token: { expires_at: EXPIRY, project: token } }))],
  [
    'before it breaks off',
    502,
    (request, response) => {
      response.writeHead(200, { 'Content-Length': 1000 });
      response.write(String(request.headers['x-subject-token']), () => response.destroy());
    },
  ],
  ['in no HTTP', 502, (request) => request.socket.end(`${request.headers['x-subject-token']}\r\n\r\n`)],
];

for (const [name, status, listener] of TALKATIVE) {
  test(`an IAM that repeats the token ${name} makes nobody else repeat it`, async () => {
    const iam = await serveOnLoopback(plainServer(listener));
    const lines: string[] = [];
    const app = appOf({ IAM_URL: `${iam.origin}/v3`, LOG_LEVEL: 'debug' }, (line) => lines.push(line));
    const { doors, close } = await openDoors(app);
    for (const door of doors) {
      const { answer } = await door.send(wireRequest({ tokens: [SECRET_TOKEN] }));
      assert.equal(answer.status, status);
      assertWithout(JSON.stringify(answer), [SECRET_TOKEN]);
    }
    close();
    iam.close();
    assert(lines.length >= doors.length);
    assertWithout(lines.join('\n'), [SECRET_TOKEN]);
  });
}

const iam = await startEmbeddedIam();
after(iam.close);

for (const [name, password] of [
  ['right', PASSWORD],
  ['wrong', SECRET_PASSWORD],
]) {
  test(`the service's own password, a ${name} one, is nowhere`, async () => {
    const lines: string[] = [];
    const environment = {
      IAM_URL: iam.url,
      IAM_SERVICE_USER: 'demo',
      IAM_SERVICE_PASSWORD: password,
      IAM_SERVICE_DOMAIN: 'Default',
      IAM_SERVICE_PROJECT: 'demo',
      LOG_LEVEL: 'debug',
    };
    const app = appOf(environment, (line) => lines.push(line));
    const { doors, close } = await openDoors(app);
    const answers: unknown[] = [];
    for (const token of Object.values(iam.tokens)) {
      for (const door of doors) answers.push(await door.send(wireRequest({ tokens: [token] })));
    }
    close();
    assertWithout(JSON.stringify([answers, lines]), [PASSWORD, SECRET_PASSWORD, ...Object.values(iam.tokens)]);
  });
}

const names = Object.keys(VARIABLES);
const SPELLINGS = [
  SECRET_PASSWORD,
  `https://user:${SECRET_PASSWORD}@iam.test/v3`,
  JSON.stringify({ a: SECRET_PASSWORD }),
];

for (const name of [...names, ...names.map((variable) => `${variable}_FILE`)]) {
  test(`a secret put into ${name} is not repeated by what refuses it`, () => {
    for (const value of SPELLINGS) {
      const lines: string[] = [];
      try {
        appOf({ IAM_URL: 'https://iam.test/v3', [name]: value }, (line) => lines.push(line));
      } catch (error) {
        assert(error instanceof ConfigError);
        assertWithout(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, [SECRET_PASSWORD]);
      }
      assertWithout(lines.join('\n'), [SECRET_PASSWORD]);
    }
  });
}

function answering(status: number, write: (token: string) => string): RequestListener {
  return (request, response) => {
    const token = String(request.headers['x-subject-token']);
    response.statusMessage = token;
    response.writeHead(status, { Location: `/${token}`, 'X-Subject-Token': token });
    response.end(write(token));
  };
}
