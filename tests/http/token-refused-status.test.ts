import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApp } from '../../lib/app/core.ts';
import { readConfig } from '../../lib/app/read-config.ts';
import { parseConfig } from '../../lib/config/config.ts';
import { NO_OBSERVER, type ObservedRequest } from '../../lib/telemetry/observer.ts';
import { PATH } from '../support/contract.ts';
import { startService } from '../support/running-service.ts';
import { openServerDoor } from '../support/server-door.ts';
import { startContainer } from '../support/started-service.ts';
import { type issueTokens, startTestIam } from '../support/test-iam.ts';
import { wireRequest } from '../support/wire-request.ts';

// Clients of the OpenStack family log in again on 401 and on nothing else.

type Expectation = readonly [status: number, code: string, hasChallenge: boolean];

const ROWS: readonly (readonly [
  token: keyof Awaited<ReturnType<typeof issueTokens>> | undefined,
  by403: Expectation,
  by401: Expectation,
])[] = [
  ['UNKNOWN_TOKEN', [403, 'KMS.0302', false], [401, 'KMS.0302', true]],
  ['EXPIRED_TOKEN', [403, 'KMS.0303', false], [401, 'KMS.0303', true]],
  ['UNSCOPED_TOKEN', [403, 'KMS.0305', false], [403, 'KMS.0305', false]],
  ['ROLELESS_TOKEN', [403, 'KMS.0307', false], [403, 'KMS.0307', false]],
  ['OTHER_PROJECT_TOKEN', [403, 'KMS.0321', false], [403, 'KMS.0321', false]],
  [undefined, [401, 'KMS.0301', true], [401, 'KMS.0301', true]],
];

for (const status of ['403', '401'] as const) {
  const { iam, doors, tokens } = await startService({ TOKEN_REFUSED_STATUS: status });
  for (const door of doors) {
    for (const [name, by403, by401] of ROWS) {
      const expected = status === '403' ? by403 : by401;
      const row = expected.slice(0, 2).join(' ');
      test(`TOKEN_REFUSED_STATUS=${status}, ${door.name}: ${name ?? 'no token'} is ${row}`, async () => {
        const { answer } = await door.send(wireRequest({ tokens: name === undefined ? [] : [tokens[name]] }));
        const challenge = answer.headers['WWW-Authenticate'];
        assert.deepEqual([answer.status, JSON.parse(answer.body).error.error_code, challenge !== undefined], expected);
        if (challenge !== undefined) assert.equal(challenge, `Keystone uri="${iam.url}"`);
      });
    }
  }
}

test('the audit line and what is counted have the status that was sent', async (context) => {
  const iam = await startTestIam(context);
  const lines: string[] = [];
  const counted: ObservedRequest[] = [];
  const app = createApp(readConfig({ IAM_URL: iam.url, TOKEN_REFUSED_STATUS: '401' }), {
    writeLine: (line) => lines.push(line),
    observer: { ...NO_OBSERVER, request: (request) => counted.push(request) },
  });
  const { door } = await openServerDoor(app, context);
  await door.send(wireRequest({ tokens: ['a-token-that-nobody-issued'] }));
  const { level, status, code, reason } = JSON.parse(lines[0] ?? '');
  assert.deepEqual([level, status, code, reason], ['warn', 401, 'KMS.0302', 'unknown-token']);
  assert.deepEqual([counted[0]?.status, counted[0]?.code], [401, 'KMS.0302']);
});

test('where no IAM is configured nobody is sent to one', async (context) => {
  const { origin } = await startContainer(context, {
    AUTH_METHODS: 'static',
    STATIC_TOKENS: JSON.stringify({ [PATH.split('/')[2] ?? '']: ['0'.repeat(64)] }),
    TOKEN_REFUSED_STATUS: '401',
  });
  const response = await fetch(origin + PATH, { method: 'POST', headers: { 'X-Auth-Token': 'unknown' } });
  assert.deepEqual([response.status, response.headers.get('WWW-Authenticate')], [401, null]);
});

for (const value of ['404', '401,403', '0401', 'unauthorized']) {
  test(`TOKEN_REFUSED_STATUS=${value} does not start`, () => {
    const environment = { IAM_URL: 'https://iam.test/v3', TOKEN_REFUSED_STATUS: value };
    assert.throws(
      () => parseConfig(environment, { hasKernelRandom: true, readTextFile: String }),
      /TOKEN_REFUSED_STATUS must be 403 or 401/,
    );
  });
}
