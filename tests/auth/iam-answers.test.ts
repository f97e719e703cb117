import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createIamVerifier } from '../../lib/auth/iam/iam-verifier.ts';
import type { ServiceToken } from '../../lib/auth/iam/service-token.ts';
import type { Verdict } from '../../lib/auth/verdict.ts';
import type { OutboundRequest } from '../../lib/outbound/send.ts';

// What each answer of IAM's says of the token, by who asked: the token itself, or the service's own account.

const OTC = 'X-Auth-Token is invalid in the request';

function keystone(code: number, message: string): string {
  return JSON.stringify({ error: { code, message, title: 'a title' } });
}

type Word = 'accepted' | 'undecided' | Extract<Verdict, { outcome: 'rejected' }>['rejection'];

interface Row {
  readonly status: number;
  readonly body: string;
  /** Of a validation by the token itself. */
  readonly byItself: Word;
  /** Of a validation by the service's own token. `renews` where that token is renewed and the question asked again. */
  readonly byAccount: Word | 'renews';
}

const GOOD = JSON.stringify({
  token: { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: '0123456789abcdef0123456789abcdef' } },
});
const FORBIDDEN = keystone(403, 'You are not authorized to perform the requested action: identity:validate_token.');
const BAD_REQUEST = keystone(400, 'Invalid input for field subject token');

const ROWS: readonly Row[] = [
  { status: 200, body: GOOD, byItself: 'accepted', byAccount: 'accepted' },
  { status: 401, body: keystone(401, 'The X-Auth-Token is invalid!'), byItself: 'unknown-token', byAccount: 'renews' },
  { status: 401, body: '', byItself: 'unknown-token', byAccount: 'renews' },
  ...[
    keystone(403, OTC),
    keystone(403, OTC.toUpperCase()),
    JSON.stringify({ error: { code: '403', message: OTC }, error_code: 403, error_msg: OTC, title: 'Forbidden' }),
    JSON.stringify({ error_code: 'IAM.0003', error_msg: OTC }),
    JSON.stringify({ message: 'The X-Auth-Token is invalid!' }),
    JSON.stringify({ error: { message: 'Invalid X-Auth-Token.' } }),
    OTC,
  ].map((body): Row => ({ status: 403, body, byItself: 'unknown-token', byAccount: 'renews' })),
  ...[
    '',
    FORBIDDEN,
    keystone(403, 'You have no right to do this action'),
    keystone(403, 'X-Subject-Token is invalid in the request'),
    '<html>403 Forbidden</html>',
  ].map((body): Row => ({ status: 403, body, byItself: 'undecided', byAccount: 'undecided' })),
  {
    status: 404,
    body: keystone(404, 'X-Subject-Token is invalid in the request'),
    byItself: 'unknown-token',
    byAccount: 'unknown-token',
  },
  { status: 404, body: '', byItself: 'unknown-token', byAccount: 'unknown-token' },
  { status: 400, body: BAD_REQUEST, byItself: 'token-malformed-to-iam', byAccount: 'token-malformed-to-iam' },
  ...['', '<html>400 Bad Request</html>', '{"error":"bad"}', '{"error_msg":"bad"}'].map(
    (body): Row => ({ status: 400, body, byItself: 'token-malformed-to-iam', byAccount: 'undecided' }),
  ),
  ...[413, 414, 431].flatMap((status) =>
    ['', '<html>', keystone(status, 'too long')].map(
      (body): Row => ({ status, body, byItself: 'token-too-long-for-iam', byAccount: 'token-too-long-for-iam' }),
    ),
  ),
  ...[100, 201, 204, 206, 300, 302, 304, 307, 402, 405, 407, 408, 409, 410, 429, 494, 500, 501, 502, 503, 504, 599]
    .flatMap((status) => [GOOD, keystone(status, OTC)].map((body) => ({ status, body })))
    .map((answer): Row => ({ ...answer, byItself: 'undecided', byAccount: 'undecided' })),
];

interface Asking {
  readonly word: Word;
  readonly requests: readonly OutboundRequest[];
}

async function ask({ status, body }: Row, account?: ServiceToken): Promise<Asking> {
  const requests: OutboundRequest[] = [];
  const verify = createIamVerifier({
    iamUrl: 'https://iam.test/v3',
    timeoutMs: 1_000,
    now: () => Date.parse('2025-08-06T10:00:00Z'),
    monotonicMs: () => 0,
    async send(request) {
      requests.push(request);
      return { kind: 'answer', status, headers: {}, body: Buffer.from(body) };
    },
    serviceToken: account,
  });
  const verdict = await verify('a-token');
  const word = verdict.outcome === 'rejected' ? verdict.rejection : verdict.outcome;
  const indecision = status === 429 ? 'throttled' : 'bad-answer';
  assert.ok(verdict.outcome !== 'undecided' || verdict.indecision === indecision);
  return { word, requests };
}

const own = (token: string) => ({ token, renewAtMs: 0, expiresAtMs: 0 });
const ACCOUNT: ServiceToken = { current: async () => own('own'), renewed: async () => own('renewed') };

const named = ({ status, body }: Row): string => `${status} ${body.slice(0, 60)}`;

suite('asked by the token itself', () => {
  for (const row of ROWS) {
    test(`${named(row)}: ${row.byItself}`, async () => {
      const { word, requests } = await ask(row);
      assert.deepEqual([word, requests.length], [row.byItself, 1]);
    });
  }
});

suite("asked by the service's own account", () => {
  for (const row of ROWS) {
    test(`${named(row)}: ${row.byAccount}`, async () => {
      const { word, requests } = await ask(row, ACCOUNT);
      const askers = requests.map(({ headers }) => headers['X-Auth-Token']);
      // What is said of the renewed token too is an outage, and never a word about the caller's.
      if (row.byAccount === 'renews') assert.deepEqual([word, askers], ['undecided', ['own', 'renewed']]);
      else assert.deepEqual([word, askers], [row.byAccount, ['own']]);
    });
  }
});

test('every validation says that it judges access rules, and has the content type that Huawei asks for', async () => {
  const [row] = ROWS;
  assert.ok(row);
  for (const account of [undefined, ACCOUNT]) {
    const { requests } = await ask(row, account);
    const request = requests[0];
    assert.equal(request?.headers['OpenStack-Identity-Access-Rules'], '1.0');
    assert.equal(request?.headers['Content-Type'], 'application/json;charset=utf8');
  }
});
