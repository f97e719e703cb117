import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kmsFailure } from '../../../lib/entropy/aws-kms/kms-failure.ts';

const PASSING = true;
const REFUSED = false;

function answered(name: string, httpStatusCode: number, more: object = {}): Error {
  return Object.assign(new Error('private-words'), { name, $metadata: { httpStatusCode, ...more } });
}

function broken(code: string): Error {
  // The SDK renames some of them to what they are not.
  return Object.assign(new Error('private-words'), { name: 'TimeoutError', code });
}

const TABLE = [
  [answered('ThrottlingException', 400), 'throttled', PASSING],
  [answered('Throttling', 400), 'throttled', PASSING],
  [answered('TooManyRequestsException', 400), 'throttled', PASSING],
  [answered('RequestLimitExceeded', 400), 'throttled', PASSING],
  [answered('anything', 429), 'throttled', PASSING],
  [answered('KMSInternalException', 500), 'backend-unavailable', PASSING],
  [answered('DependencyTimeoutException', 503), 'backend-unavailable', PASSING],
  [answered('AccessDeniedException', 400), 'backend-unavailable', REFUSED],
  [answered('AccessDeniedException', 400, { clockSkewCorrected: true }), 'backend-unavailable', PASSING],
  [answered('InvalidSignatureException', 400), 'backend-unavailable', PASSING],
  [answered('UnrecognizedClientException', 400), 'backend-unavailable', REFUSED],
  [answered('ExpiredTokenException', 400), 'backend-unavailable', REFUSED],
  [answered('ValidationException', 400), 'backend-unavailable', REFUSED],
  [answered('SyntaxError', 200), 'backend-unavailable', REFUSED],
  [broken('ECONNRESET'), 'backend-unavailable', PASSING],
  [broken('ECONNREFUSED'), 'backend-unavailable', PASSING],
  [broken('EPIPE'), 'backend-unavailable', PASSING],
  [broken('EHOSTUNREACH'), 'backend-unavailable', PASSING],
  [broken('ENETUNREACH'), 'backend-unavailable', PASSING],
  [broken('ENOTFOUND'), 'backend-unavailable', PASSING],
  [broken('EAI_AGAIN'), 'backend-unavailable', PASSING],
  [broken('ETIMEDOUT'), 'backend-timeout', PASSING],
  [broken('CERT_HAS_EXPIRED'), 'backend-unavailable', REFUSED],
  [Object.assign(new Error('private-words'), { name: 'CredentialsProviderError' }), 'backend-unavailable', REFUSED],
  [new TypeError('private-words'), 'backend-unavailable', REFUSED],
  ['private-words', 'backend-unavailable', REFUSED],
  [null, 'backend-unavailable', REFUSED],
  [undefined, 'backend-unavailable', REFUSED],
] as const;

for (const [error, key, isPassing] of TABLE) {
  const label =
    error instanceof Error ? `${error.name} ${JSON.stringify({ ...error, name: undefined })}` : String(error);
  test(`${label}: ${key}${isPassing ? ', tried again' : ''}`, () => {
    const failure = kmsFailure(error);
    assert.deepEqual([failure.key, failure.isPassing, failure.cause], [key, isPassing, error]);
    assert.doesNotMatch(`${failure.reason} ${failure.detail}`, /private/);
  });
}

test('a chain of providers that ends without credentials is told from other failures of the SDK', () => {
  const withoutCredentials = kmsFailure(
    Object.assign(new Error('private-words'), { name: 'CredentialsProviderError' }),
  );
  assert.deepEqual([withoutCredentials.reason, withoutCredentials.detail], ['source-failed', 'no credentials']);
  assert.equal(kmsFailure(new Error('private-words')).detail, 'in the SDK');
});
