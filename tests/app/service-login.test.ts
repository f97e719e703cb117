import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appOf } from '../support/app.ts';
import { httpRequest } from '../support/http-request.ts';
import { type IamBehaviour, KNOWN, startIamBackend } from '../support/iam-backend.ts';
import type { Fields } from '../support/samples.ts';

const ROWS: readonly [behaviour: IamBehaviour, level: string, outcome: string, reason: string | undefined][] = [
  ['good', 'debug', 'ok', undefined],
  ['unauthorized', 'warn', 'bad-answer', 'iam-login-refused'],
  ['throttling', 'warn', 'throttled', 'iam-login-throttled'],
  ['refusing', 'warn', 'unreachable', 'iam-login-unreachable'],
];
for (const [behaviour, level, outcome, reason] of ROWS) {
  test(`a login of the service's account at an IAM that is ${behaviour} is a line at ${level}`, async (context) => {
    const iam = await startIamBackend();
    context.after(() => iam.close());
    await iam.behave(behaviour, 'login');
    const lines: Fields[] = [];
    const account = {
      IAM_SERVICE_USER: 'user-canary',
      IAM_SERVICE_PASSWORD: 'password-canary',
      IAM_SERVICE_DOMAIN: 'domain-canary',
      IAM_SERVICE_PROJECT: 'project-canary',
    };
    const app = appOf({ IAM_URL: iam.url, LOG_LEVEL: 'debug', ...account }, (line) => lines.push(JSON.parse(line)));
    await app.pipeline(httpRequest({ headers: [['X-Auth-Token', `${KNOWN}canary`]] }));
    const [login] = lines.filter(({ message }) => message === 'login to IAM');
    assert.equal(login?.level, level);
    assert.equal(login?.outcome, outcome);
    assert.equal(login?.reason, reason);
    assert.equal(typeof login?.duration_ms, 'number');
    assert.doesNotMatch(JSON.stringify(lines), /canary|own-token/);
  });
}
