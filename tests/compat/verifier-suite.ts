import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createIamVerifier } from '../../lib/auth/iam/iam-verifier.ts';
import { createServiceToken } from '../../lib/auth/iam/service-token.ts';
import { rejected } from '../../lib/auth/verdict.ts';
import { createSend } from '../../lib/outbound/send.ts';
import { DOMAIN, projectScope, ROLE, SERVICE } from './accounts.ts';
import type { Identity } from './identity.ts';
import { createIdentityClient } from './identity-client.ts';

const LIFETIME_MS = 3_600_000;
const send = createSend();
const monotonicMs = () => performance.now();

interface Asker {
  readonly name: string;
  /** @param now milliseconds since the epoch; the real ones unless a test moves them */
  readonly verifier: (iamUrl: string, now?: () => number) => ReturnType<typeof createIamVerifier>;
}

const ASKERS: readonly Asker[] = [
  {
    name: 'the token itself',
    verifier: (iamUrl, now = Date.now) => createIamVerifier({ iamUrl, timeoutMs: 10_000, send, now, monotonicMs }),
  },
  {
    name: "the service's own token",
    verifier(iamUrl, now = Date.now) {
      const serviceToken = createServiceToken({
        iamUrl,
        account: SERVICE,
        send,
        timeoutMs: 10_000,
        now: Date.now,
        monotonicMs,
        jitter: () => 1,
      });
      return createIamVerifier({ iamUrl, timeoutMs: 10_000, send, now, monotonicMs, serviceToken });
    },
  },
];

/** This project's verifier gives the same verdicts whoever issued the token. */
export function verifierSuite(identity: () => Identity): void {
  for (const asker of ASKERS) verdictSuite(identity, asker);
}

function verdictSuite(identity: () => Identity, { name: asker, verifier }: Asker): void {
  const client = () => createIdentityClient(identity().baseUrl);
  const verify = (token: string, now?: () => number) => verifier(identity().baseUrl, now)(token);

  for (const project of ['demo', 'other'] as const) {
    test(`by ${asker}: a token for the project ${project} is accepted for that one`, async () => {
      const { token, document } = await client().issue('demo', projectScope(project));
      const principal = {
        projectId: identity().projects[project].id,
        userId: identity().users.get('demo'),
        roles: [ROLE],
      };
      const expiresAtMs = Date.parse(document.expires_at);
      assert.deepEqual(await verify(token), { outcome: 'accepted', principal, expiresAtMs });
    });
  }

  for (const [scope, what] of [
    ['unscoped', 'no scope'],
    [{ domain: DOMAIN }, 'a domain'],
  ] as const) {
    test(`by ${asker}: a token with ${what} is of no project`, async () => {
      assert.deepEqual(await verify((await client().issue('demo', scope)).token), rejected('unscoped-token'));
    });
  }

  test(`by ${asker}: a revoked token is unknown`, async () => {
    const { token } = await client().issue('demo');
    assert.equal((await verify(token)).outcome, 'accepted');
    await client().revoke(token);
    assert.deepEqual(await verify(token), rejected('unknown-token'));
  });

  for (const [what, token] of GARBAGE) {
    test(`by ${asker}: ${what} is unknown`, async () => {
      assert.deepEqual(await verify(token), rejected('unknown-token'));
    });
  }

  test(`by ${asker}: a token that IAM still takes is expired when our clock is past its end`, async () => {
    const { token } = await client().issue('demo');
    assert.deepEqual(await verify(token, () => Date.now() + LIFETIME_MS), rejected('expired-token'));
  });

  test(`by ${asker}: a token that has expired at IAM is unknown`, async () => {
    const { briefBaseUrl } = identity();
    const { token, document } = await createIdentityClient(briefBaseUrl).issue('demo');
    const verifyBrief = verifier(briefBaseUrl);
    assert.equal((await verifyBrief(token)).outcome, 'accepted');
    await sleep(Date.parse(document.expires_at) - Date.now() + 50);
    assert.deepEqual(await verifyBrief(token), rejected('unknown-token'));
  });
}

const GARBAGE = [
  ['a word', 'nonsense'],
  ['what looks like a Fernet token', `gAAAAAB${'x'.repeat(200)}`],
  ["what looks like one of Huawei's tokens", `MIIatAYJKoZIhvcNAQcC${'A'.repeat(3_000)}`],
  ['a text with spaces and quotes', '"quoted" and {more}'],
] as const;
