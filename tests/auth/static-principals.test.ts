import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { createJudgeOf } from '../../lib/app/authentication.ts';
import { createPipeline } from '../../lib/http/pipeline.ts';
import { coreOf } from '../support/app.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { httpRequest } from '../support/http-request.ts';
import { columns, type Fields } from '../support/samples.ts';
import type { HeaderLine } from '../support/wire-request.ts';

const [ONE, TWO, OTHER] = ['a-token-of-one', 'a-token-of-two', 'a-token-of-another-project'] as const;

/** The service with two tokens of one project, one request a second for each, and a clock that stands still. */
function limitedService() {
  const lines: Fields[] = [];
  const tokens = {
    [PROJECT_ID]: [hash('sha256', ONE, 'hex'), hash('sha256', TWO, 'hex').toUpperCase()],
    [OTHER_PROJECT_ID]: [hash('sha256', OTHER, 'hex')],
  };
  const environment = { AUTH_METHODS: 'static', STATIC_TOKENS: JSON.stringify(tokens), IAM_ALLOWED_ROLES: 'te_admin' };
  const core = coreOf(environment, (line) => lines.push(JSON.parse(line)));
  const judge = createJudgeOf(core);
  const allowedRoles = new Set(core.config.IAM_ALLOWED_ROLES);
  const pipeline = createPipeline({ ...core, judge, allowedRoles, monotonicMs: () => 0, rateLimitPerSecond: 1 });
  async function ask(token: string, projectId: string = PROJECT_ID): Promise<number> {
    const path = PATH.replace(PROJECT_ID, projectId);
    const headers: HeaderLine[] = [
      ['content-type', 'application/json'],
      ['x-auth-token', token],
    ];
    return (await pipeline(httpRequest({ path, headers, body: '{"random_data_length":"8"}' }))).statusCode;
  }
  return { ask, lines };
}

/** Who it is in the log. */
const nameOf = (token: string) => `static-${hash('sha256', token, 'hex').slice(0, 8)}`;

test('two static tokens of one project have a rate each', async () => {
  const { ask } = limitedService();
  const statuses = [await ask(ONE), await ask(TWO), await ask(ONE), await ask(TWO)];
  assert.deepEqual(statuses, [200, 200, 429, 429]);
});

test('the log says which static token it was, by the beginning of its digest in lower case, and no more of it', async () => {
  const { ask, lines } = limitedService();
  for (const token of [ONE, TWO, ONE, 'an-unknown-token']) await ask(token);
  await ask(OTHER, OTHER_PROJECT_ID);
  assert.deepEqual(columns(lines, 'user_id', 'status'), [
    [nameOf(ONE), 200],
    [nameOf(TWO), 200],
    [nameOf(ONE), 429],
    [undefined, 403],
    [nameOf(OTHER), 200],
  ]);
  const text = JSON.stringify(lines).toLowerCase();
  for (const token of [ONE, TWO, OTHER, 'an-unknown-token']) {
    assert.equal(text.includes(token) || text.includes(hash('sha256', token, 'hex').slice(0, 9)), false);
  }
});
