import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIamVerifier } from '../../lib/auth/iam/iam-verifier.ts';
import type { Verdict } from '../../lib/auth/verdict.ts';
import type { Failed, OutboundRequest, Outcome } from '../../lib/outbound/send.ts';

const NOW_MS = Date.parse('2025-08-06T10:00:00Z');
const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const TOKEN = {
  expires_at: '2025-08-07T10:00:00.123000Z',
  issued_at: '2025-08-06T09:00:00.123000Z',
  methods: ['password'],
  project: { id: PROJECT_ID, name: 'demo', domain: { id: 'd-1', name: 'Default' } },
  user: { id: 'u-1', name: 'demo', domain: { id: 'd-1', name: 'Default' }, password_expires_at: '' },
  roles: [
    { id: '0', name: 'te_admin' },
    { id: '0', name: 'op_gated_x' },
  ],
};

/** A verifier whose network answers from a script. */
async function verify(outcome: Outcome): Promise<{ verdict: Verdict; requests: readonly OutboundRequest[] }> {
  const requests: OutboundRequest[] = [];
  const verifyToken = createIamVerifier({
    iamUrl: 'https://iam.test/identity/v3',
    timeoutMs: 1_234,
    now: () => NOW_MS,
    monotonicMs: () => 0,
    send: async (request) => {
      requests.push(request);
      return outcome;
    },
  });
  return { verdict: await verifyToken('the-token'), requests };
}

function answer(status: number, body: unknown = ''): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'answer', status, headers: {}, body: Buffer.from(text) };
}

/** What becomes of a 200 with these members of the token changed. */
async function verdictOn(changes: Record<string, unknown>): Promise<Verdict> {
  return (await verify(answer(200, { token: { ...TOKEN, ...changes } }))).verdict;
}

test('IAM is asked once, by the token about itself, without the catalogue', async () => {
  const { requests } = await verify(answer(200, { token: TOKEN }));
  assert.equal(requests.length, 1);
  const [request] = requests;
  assert.equal(request?.method, 'GET');
  assert.match(String(request?.url), /^https:\/\/iam\.test\/identity\/v3\/auth\/tokens\?nocatalog\b/);
  assert.equal(request?.headers['X-Auth-Token'], 'the-token');
  assert.equal(request?.headers['X-Subject-Token'], 'the-token');
  // Huawei lists it as mandatory, although a GET has no body.
  assert.equal(request?.headers['Content-Type'], 'application/json;charset=utf8');
  assert.equal(request?.timeoutMs, 1_234);
  assert.equal(request?.body, undefined);
});

test('a token that IAM knows is accepted with project, user, roles and its own end', async () => {
  assert.deepEqual(await verdictOn({}), {
    outcome: 'accepted',
    principal: { projectId: PROJECT_ID, userId: 'u-1', roles: ['te_admin', 'op_gated_x'] },
    expiresAtMs: Date.parse('2025-08-07T10:00:00.123Z'),
  });
});

const PRINCIPAL = { projectId: PROJECT_ID, userId: 'u-1', roles: ['te_admin', 'op_gated_x'] };
const GOOD = [
  { name: 'without roles', changes: { roles: undefined }, principal: { ...PRINCIPAL, roles: [] } },
  { name: 'with no roles', changes: { roles: [] }, principal: { ...PRINCIPAL, roles: [] } },
  { name: 'whose roles are null', changes: { roles: null }, principal: { ...PRINCIPAL, roles: [] } },
  ...[undefined, null, {}, { id: null }, { name: 'demo' }].map((user) => ({
    name: `whose user is ${JSON.stringify(user)}`,
    changes: { user },
    principal: { ...PRINCIPAL, userId: undefined },
  })),
  { name: 'with members that nobody knows', changes: { x: [] }, principal: PRINCIPAL },
];
for (const { name, changes, principal } of GOOD) {
  test(`a token ${name} is accepted`, async () => {
    const verdict = await verdictOn(changes);
    assert.deepEqual(verdict.outcome === 'accepted' && verdict.principal, principal);
  });
}

const REFUSED = [
  { name: 'a token that ended long ago', changes: { expires_at: '2020-01-04T09:08:49Z' }, rejection: 'expired-token' },
  { name: 'a token that ends now', changes: { expires_at: '2025-08-06T10:00:00.000000Z' }, rejection: 'expired-token' },
  {
    name: 'a token that ends now by the clock of another zone',
    changes: { expires_at: '2025-08-06T12:00:00+02:00' },
    rejection: 'expired-token',
  },
  { name: 'a token without a project', changes: { project: undefined }, rejection: 'unscoped-token' },
  { name: 'a token whose project is null', changes: { project: null }, rejection: 'unscoped-token' },
  {
    name: 'an old token without a project',
    changes: { expires_at: '2020-01-04T09:08:49Z', project: null },
    rejection: 'expired-token',
  },
];
for (const { name, changes, rejection } of REFUSED) {
  test(`${name}: ${rejection}`, async () =>
    assert.deepEqual(await verdictOn(changes), { outcome: 'rejected', rejection }));
}

for (const [expiresAt, moment] of [
  ['2025-08-06T10:00:00.001000Z', '2025-08-06T10:00:00.001Z'],
  ['2025-08-06T12:00:00.001+02:00', '2025-08-06T10:00:00.001Z'],
  ['2025-08-06T08:30:00-05:30', '2025-08-06T14:00:00Z'],
  ['2028-02-29T10:00:00Z', '2028-02-29T10:00:00Z'],
  ['2025-12-31T23:59:59.999999Z', '2025-12-31T23:59:59.999Z'],
] as const) {
  test(`a token that ends at ${expiresAt} ends at ${moment}`, async () => {
    const verdict = await verdictOn({ expires_at: expiresAt });
    assert.equal(verdict.outcome === 'accepted' && verdict.expiresAtMs, Date.parse(moment));
  });
}

const MALFORMED_BODIES = [
  '',
  'null',
  '[]',
  '{}',
  '"token"',
  '<html>',
  '{"token":',
  '\ufeff{}',
  '{"error":{"code":404}}',
];
for (const body of [...MALFORMED_BODIES, '{"token":null}', '{"token":[]}', '{"token":{}}']) {
  test(`200 with the body ${JSON.stringify(body)} decides nothing`, async () => {
    const { verdict } = await verify(answer(200, body));
    assert.deepEqual(verdict, { ...verdict, outcome: 'undecided', indecision: 'bad-answer' });
  });
}

const MALFORMED_MEMBERS: Readonly<Record<string, readonly unknown[]>> = {
  expires_at: [
    undefined,
    null,
    4_102_444_800_000,
    '',
    'tomorrow',
    '2099-13-01T00:00:00Z',
    '2099-02-30T25:00:00Z',
    '2099-02-30T10:00:00Z',
    '2099-02-29T10:00:00Z',
    '2099-04-31T10:00:00Z',
    '2099-06-31T10:00:00+02:00',
    '2099-01-32T10:00:00Z',
    '2099-01-00T10:00:00Z',
    '2099-01-01T10:00:00+24:00',
    ['2099-01-01T00:00:00Z'],
    // What JavaScript takes for dates and Keystone never writes.
    '1',
    'token 1',
    'token 2099',
    '2099',
    '12-31',
    'Thu, 01 Jan 2099 00:00:00 GMT',
    // Without a zone it is another moment on another machine.
    '2099-01-01T00:00:00',
  ],
  project: [{}, { name: 'demo' }, { id: null }, { id: 5 }, { id: ['a'] }, 'a', 5, true, [], false],
  roles: [{}, 'te_admin', false, 0, ['te_admin'], [null], [{ id: '0' }], [{ name: 5 }]],
  user: [{ id: 5 }, { id: ['u-1'] }, 'u-1', [], false, 0, ''],
};
for (const [member, values] of Object.entries(MALFORMED_MEMBERS)) {
  for (const value of values) {
    test(`a token whose ${member} is ${JSON.stringify(value)} decides nothing`, async () => {
      const verdict = await verdictOn({ [member]: value });
      assert.deepEqual(verdict, { ...verdict, outcome: 'undecided', indecision: 'bad-answer' });
    });
  }
}

for (const failure of ['timeout', 'unreachable', 'bad-answer'] as const) {
  test(`a network that fails (${failure}) decides nothing and leaves its cause to the log`, async () => {
    const failed: Failed = { kind: 'failed', failure, detail: 'scripted', cause: new Error('scripted') };
    const { verdict } = await verify(failed);
    assert.deepEqual(verdict, {
      outcome: 'undecided',
      indecision: failure,
      reason: `iam-${failure}`,
      detail: 'scripted',
      cause: failed.cause,
    });
  });
}

test('nothing that IAM wrote is repeated where it decides nothing', async () => {
  const answers = [answer(500, 'private-words'), answer(200, 'private-words'), answer(200, { token: 'private-words' })];
  for (const outcome of answers) {
    assert.doesNotMatch(JSON.stringify((await verify(outcome)).verdict), /private|the-token/);
  }
});
