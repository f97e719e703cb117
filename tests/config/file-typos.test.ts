import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, parseConfig, VARIABLES } from '../../lib/config/config.ts';
import { SECRETS } from '../../lib/config/secrets.ts';

const MACHINE = { hasKernelRandom: true, readTextFile: String };

// Names of AWS belong to others, and HOST and PORT are too short to be compared.
const COMPARED = Object.keys(VARIABLES).filter((name) => name.includes('_') && !name.startsWith('AWS_'));

for (const name of COMPARED.filter((one) => !SECRETS.includes(one))) {
  test(`${name}_FILE is no variable: ${name} would be missing without a word`, () => {
    const environment = { IAM_URL: 'https://iam.test/v3', [`${name}_FILE`]: '/run/secrets/one' };
    assert.throws(
      () => parseConfig(environment, MACHINE),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(error.problems, [`${name}_FILE is not a variable of this service; did you mean ${name}?`]);
        return true;
      },
    );
  });
}
