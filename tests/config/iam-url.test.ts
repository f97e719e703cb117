import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, problemsOf } from '../support/config.ts';

/** Where a validation goes; the address is what matters, not its spelling. */
function validationUrl(iamUrl: string): string {
  return new URL(`${configOf({ IAM_URL: iamUrl }).IAM_URL}/auth/tokens`).href;
}

const ACCEPTED = [
  { given: 'https://iam.test/v3', url: 'https://iam.test/v3/auth/tokens' },
  { given: 'https://iam.test/v3/', url: 'https://iam.test/v3/auth/tokens' },
  { given: ' https://iam.test/v3 ', url: 'https://iam.test/v3/auth/tokens' },
  { given: 'https://iam.test:8443/identity/v3', url: 'https://iam.test:8443/identity/v3/auth/tokens' },
  { given: 'http://127.0.0.1:5000/v3', url: 'http://127.0.0.1:5000/v3/auth/tokens' },
  { given: 'http://127.10.20.30/v3', url: 'http://127.10.20.30/v3/auth/tokens' },
  { given: 'http://localhost:5000/v3', url: 'http://localhost:5000/v3/auth/tokens' },
  { given: 'http://[::1]:5000/v3', url: 'http://[::1]:5000/v3/auth/tokens' },
];
for (const { given, url } of ACCEPTED) {
  test(`IAM_URL=${given} is asked at ${url}`, () => assert.equal(validationUrl(given), url));
}

const REFUSED = [
  'iam.test/v3',
  '//iam.test/v3',
  '/v3',
  'https:///v3',
  'https://iam.test:99999/v3',
  'ftp://iam.test/v3',
  'file:///v3',
  'https://iam.test',
  'https://iam.test/',
  'https://iam.test/v2.0',
  'https://iam.test/xv3',
  'https://iam.test/v3/auth/tokens',
  'https://user@iam.test/v3',
  'https://user:password@iam.test/v3',
  'https://:password@iam.test/v3',
  'https://iam.test/v3?a=b',
  'https://iam.test/?/v3',
  'https://iam.test/v3#a',
  'https://iam.test/#/v3',
  // An empty query or fragment would swallow what is put behind it.
  'https://iam.test/v3?',
  'https://iam.test/v3#',
  // These would send tokens in the clear.
  'http://iam.test/v3',
  'http://10.0.0.1/v3',
  'http://0.0.0.0/v3',
  'http://localhost.iam.test/v3',
  'http://127.0.0.1.iam.test/v3',
  'http://[::2]/v3',
  // The scheme of a URL has no case.
  'HTTP://iam.test/v3',
  'Http://iam.test/v3',
  // The URL parser drops tabs and line feeds.
  'ht\ntp://iam.test/v3',
  'ht\ttp://iam.test/v3',
];
for (const given of REFUSED) {
  test(`IAM_URL=${JSON.stringify(given)} is no base of an identity service`, () => {
    assert.deepEqual(problemsOf({ IAM_URL: given }), [
      'IAM_URL must be an https URL (http only for a loopback host) that ends in /v3, without user, query or fragment',
    ]);
  });
}

// The URL stands in `WWW-Authenticate: Keystone uri="…"`.
for (const given of [
  'https://例え.test/v3',
  'https://iam\n.test/v3',
  'https://iam.test/"/v3',
  'https://iam.test/é/v3',
]) {
  test(`IAM_URL=${JSON.stringify(given)} is refused or made fit for a header`, () => {
    if (problemsOf({ IAM_URL: given }).length > 0) return;
    assert.match(configOf({ IAM_URL: given }).IAM_URL ?? '', /^[!#-~]+$/);
  });
}
