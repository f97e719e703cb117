import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createJudgeOf } from '../../lib/app/authentication.ts';
import { authorise } from '../../lib/auth/authorise.ts';
import type { Principal } from '../../lib/auth/verdict.ts';
import type { Environment } from '../../lib/config/config.ts';
import { coreOf } from '../support/app.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { httpRequest } from '../support/http-request.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { SERVICE_VARIABLES } from '../support/test-iam.ts';

const MANY = Array.from({ length: 300 }, (_, index) => `role-${index}`);

/** The principal of a token with these roles, as the service's own authentication makes it. */
async function principalOf(
  context: TestContext,
  roles: readonly string[],
  environment: Environment,
): Promise<Principal> {
  const token = {
    expires_at: '2099-01-01T00:00:00.000000Z',
    project: { id: PROJECT_ID },
    user: { id: 'u-1' },
    roles: roles.map((name) => ({ id: name, name })),
  };
  const server = plainServer((request, response) => {
    request.resume();
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'X-Subject-Token': 'of-the-service' });
    response.end(JSON.stringify({ token }));
  });
  const { origin } = await serveOnLoopback(server, context);
  const judge = createJudgeOf(coreOf({ IAM_URL: `${origin}/v3`, ...environment }));
  const ask = () => judge(httpRequest({ headers: [['X-Auth-Token', 'a-token']] }), PROJECT_ID);
  const verdict = await ask();
  assert.ok(verdict.outcome === 'accepted');
  // What the cache has is what was made.
  assert.deepEqual(await ask(), verdict);
  return verdict.principal;
}

function judgement(principal: Principal, allowed: readonly string[]): string {
  try {
    authorise(principal, PROJECT_ID, allowed.length === 0 ? undefined : new Set(allowed));
    return 'may draw';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

const TABLE: readonly {
  name: string;
  roles: readonly string[];
  allowed: readonly string[];
  kept: readonly string[];
}[] = [
  { name: 'one of them is allowed', roles: ['a', 'te_admin', 'b'], allowed: ['te_admin', 'c'], kept: ['te_admin'] },
  { name: 'one of hundreds is allowed', roles: MANY, allowed: ['role-299'], kept: ['role-299'] },
  { name: 'two are allowed', roles: MANY, allowed: ['role-7', 'role-9'], kept: ['role-7', 'role-9'] },
  { name: 'none is allowed', roles: MANY, allowed: ['te_admin'], kept: [] },
  { name: 'all are allowed', roles: ['a', 'b'], allowed: ['b', 'a'], kept: ['a', 'b'] },
  { name: 'another case is allowed', roles: ['te_admin'], allowed: ['TE_ADMIN'], kept: [] },
  { name: 'none is asked for', roles: MANY, allowed: [], kept: [] },
  { name: 'there are none', roles: [], allowed: ['te_admin'], kept: [] },
];
for (const { name, roles, allowed, kept } of TABLE) {
  for (const [asker, account] of [
    ['itself', {}],
    ["the service's account", SERVICE_VARIABLES],
  ] as const) {
    test(`a principal whose token is validated by ${asker} keeps the roles that matter: ${name}`, async (context) => {
      const principal = await principalOf(context, roles, { IAM_ALLOWED_ROLES: allowed.join(), ...account });
      assert.deepEqual(principal, { projectId: PROJECT_ID, userId: 'u-1', roles: kept });
      assert.equal(judgement(principal, allowed), judgement({ ...principal, roles }, allowed));
    });
  }
}
