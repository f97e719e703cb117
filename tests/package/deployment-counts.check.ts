import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageLambda } from './package-lambda.ts';

for (const parameter of ['requestsPerSecond=x', 'requestsAtOnce=0']) {
  test(`packaging with --param=${parameter} fails with one sentence`, (t) => {
    assert.throws(
      () => packageLambda(t, [`--param=${parameter}`], { IAM_URL: 'https://iam.example.com/v3' }),
      ({ stdout, stderr }) => {
        assert.match(`${stdout}${stderr}`, /^--param=requests\w+ must be a whole number, 1 or more$/m);
        return true;
      },
    );
  });
}
