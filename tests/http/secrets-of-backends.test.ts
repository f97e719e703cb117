import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { ConfigError, type Environment, VARIABLES } from '../../lib/config/config.ts';
import { appOf } from '../support/app.ts';
import { openHttpApi } from '../support/doors.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { assertWithout, SECRET_PASSWORD, SECRET_TOKEN } from '../support/secrets.ts';
import { issueTokens, SERVICE, SERVICE_VARIABLES, startTestIam } from '../support/test-iam.ts';
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

/** The service and what it logs, asked by an event: nothing of a backend is known to a door. */
function start(environment: Environment) {
  const lines: string[] = [];
  const app = appOf({ LOG_LEVEL: 'debug', ...environment }, (line) => lines.push(line));
  const { send } = openHttpApi(app);
  return { lines, ask: async (token: string) => (await send(wireRequest({ tokens: [token] }))).answer };
}

for (const [name, status, listener] of TALKATIVE) {
  test(`an IAM that repeats the token ${name} makes nobody else repeat it`, async (context) => {
    const iam = await serveOnLoopback(plainServer(listener), context);
    const { lines, ask } = start({ IAM_URL: `${iam.origin}/v3` });
    const answer = await ask(SECRET_TOKEN);
    assert.equal(answer.status, status);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).status ?? 'debug'),
      ['debug', status],
    );
    assertWithout(JSON.stringify([answer, lines]), [SECRET_TOKEN]);
  });
}

for (const [name, password] of [
  ['right', SERVICE.password],
  ['wrong', SECRET_PASSWORD],
] as const) {
  test(`the service's own password, a ${name} one, is nowhere`, async (context) => {
    const iam = await startTestIam(context, { startMs: Date.now() });
    const tokens = Object.values(await issueTokens(iam));
    const { lines, ask } = start({ IAM_URL: iam.url, ...SERVICE_VARIABLES, IAM_SERVICE_PASSWORD: password });
    const answers = await Promise.all(tokens.map(ask));
    assertWithout(JSON.stringify([answers, lines]), [password, ...tokens]);
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
