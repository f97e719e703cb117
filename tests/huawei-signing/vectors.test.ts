import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuery, canonicalRequest } from '../../lib/huawei-signing/canonical-request.ts';
import { parseSdkDate } from '../../lib/huawei-signing/sdk-date.ts';
import { digestOf, signatureOf, signingKey } from '../../lib/huawei-signing/signature.ts';
import { verdictOf } from '../auth/signed-request.ts';
import { httpRequest } from '../support/http-request.ts';
import vectors from '../vectors/sdk-hmac-sha256.json' with { type: 'json' };

const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const scheme = 'SDK-HMAC-SHA256';

for (const vector of vectors.signatures) {
  const { name, method, path, body, secretKey, accessKey } = vector;
  const query = pairs(vector.query);
  const headers = Object.fromEntries(Object.entries(vector.headers));
  const sdkDate = vector.headers['x-sdk-date'];
  const parts = { method, path, query: canonicalQuery(query), headers, payloadHash: digestOf(scheme, body) };

  test(`${name}: signed as published`, () => {
    const canonical = canonicalRequest(parts);
    if (vector.canonicalRequestSha256 !== undefined) {
      assert.equal(digestOf(scheme, canonical), vector.canonicalRequestSha256);
    }
    const signer = { scheme, accessKey, scope: undefined } as const;
    assert.equal(signatureOf(canonical, signer, sdkDate, signingKey(signer, secretKey)), vector.signature);
  });

  test(`${name}: verified as published`, () => {
    const names = Object.keys(headers).join(';');
    const authorization = `${scheme} Access=${accessKey}, SignedHeaders=${names}, Signature=${vector.signature}`;
    const lines = Object.entries({ ...headers, authorization });
    const request = httpRequest({ method, path, query, headers: lines, body });
    const verdict = verdictOf([{ accessKey, secretKey, projectId: PROJECT_ID }], parseSdkDate(sdkDate), request);
    assert.equal(verdict.outcome, 'accepted');
  });
}

for (const { name, query, canonical } of vectors.queries) {
  test(`${name}: the query is written as published`, () => assert.equal(canonicalQuery(pairs(query)), canonical));
}

function pairs(query: readonly (readonly string[])[]): [string, string][] {
  return query.map(([name = '', value = '']) => [name, value]);
}
