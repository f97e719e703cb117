import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalRequest } from '../../lib/huawei-signing/canonical-request.ts';
import { parseSdkDate, sha256Hex, signature } from '../../lib/huawei-signing/sdk-hmac-sha256.ts';
import { verdictOf } from '../auth/signed-request.ts';
import { httpRequest } from '../support/http-request.ts';
import vectors from '../vectors/sdk-hmac-sha256.json' with { type: 'json' };

const PROJECT_ID = '0123456789abcdef0123456789abcdef';

for (const vector of vectors.signatures) {
  const { name, method, path, body, secretKey, accessKey } = vector;
  const query = pairs(vector.query);
  const headers = Object.fromEntries(Object.entries(vector.headers));
  const sdkDate = vector.headers['x-sdk-date'];
  const parts = { method, path, query, headers, payloadHash: sha256Hex(body) };

  test(`${name}: signed as published`, () => {
    if (vector.canonicalRequestSha256 !== undefined) {
      assert.equal(sha256Hex(canonicalRequest(parts)), vector.canonicalRequestSha256);
    }
    assert.equal(signature(parts, sdkDate, secretKey), vector.signature);
  });

  test(`${name}: verified as published`, () => {
    const names = Object.keys(headers).join(';');
    const authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names}, Signature=${vector.signature}`;
    const lines = Object.entries({ ...headers, authorization });
    const request = httpRequest({ method, path, query, headers: lines, body });
    const verdict = verdictOf([{ accessKey, secretKey, projectId: PROJECT_ID }], parseSdkDate(sdkDate), request);
    assert.equal(verdict.outcome, 'accepted');
  });
}

for (const { name, query, canonical } of vectors.queries) {
  test(`${name}: the query is written as published`, () => {
    const parts = { method: 'GET', path: '/', query: pairs(query), headers: {}, payloadHash: '' };
    assert.equal(canonicalRequest(parts).split('\n')[2], canonical);
  });
}

function pairs(query: readonly (readonly string[])[]): [string, string][] {
  return query.map(([name = '', value = '']) => [name, value]);
}
