import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Config, ConfigError, type Environment, type Machine } from '../../lib/config/config.ts';
import { appOf } from '../support/app.ts';
import { configOf, IAM_URL, problemsOf } from '../support/config.ts';
import { PROJECT_ID } from '../support/contract.ts';

const DIGEST = 'ab'.repeat(32);
const ACCOUNT = { IAM_SERVICE_USER: 'u', IAM_SERVICE_DOMAIN: 'd', IAM_SERVICE_PROJECT: 'p' };
const TOKENS = JSON.stringify({ [PROJECT_ID]: [DIGEST] });
const KEYS = JSON.stringify([{ access_key: 'AK', secret_key: 'SK', project_id: PROJECT_ID }]);

/** A variable that may stand in a file, what else it needs, and a good value of it. */
const SECRETS: readonly { name: keyof Config; more: Environment; value: string }[] = [
  { name: 'IAM_SERVICE_PASSWORD', more: { IAM_URL, ...ACCOUNT }, value: ' pass word\t' },
  { name: 'STATIC_TOKENS', more: { AUTH_METHODS: 'static' }, value: TOKENS },
  { name: 'AKSK_CREDENTIALS', more: { AUTH_METHODS: 'aksk' }, value: KEYS },
];

/** A machine where one file has this text, and every other cannot be read. */
function withFile(text?: string): Partial<Machine> {
  return {
    readTextFile(path) {
      if (path !== '/run/secrets/s' || text === undefined) throw new Error(`ENOENT: ${path}`);
      return text;
    },
  };
}

for (const { name, more, value } of SECRETS) {
  const inFile = { ...more, [`${name}_FILE`]: '/run/secrets/s' };
  const expected = configOf({ ...more, [name]: value });

  for (const end of ['', '\n', '\r\n']) {
    test(`${name} may stand in a file that ends with ${JSON.stringify(end)}`, () => {
      assert.deepEqual(configOf(inFile, withFile(value + end)), expected);
    });
  }

  test(`an empty ${name} beside a file counts as missing`, () => {
    assert.deepEqual(configOf({ ...inFile, [name]: ' ' }, withFile(value)), expected);
    assert.deepEqual(configOf({ ...more, [name]: value, [`${name}_FILE`]: '' }, withFile()), expected);
  });

  test(`${name} and its file together are a problem, and the file is not read`, () => {
    const problems = problemsOf({ ...inFile, [name]: value }, withFile());
    assert.deepEqual(problems, [`${name} and ${name}_FILE are both set`]);
  });

  for (const [what, text] of [
    ['cannot be read', undefined],
    ['is empty', ''],
  ] as const) {
    test(`a file of ${name} that ${what} is a problem, by name and without its path`, () => {
      const problems = problemsOf(inFile, withFile(text));
      assert.ok(problems.includes(`${name}_FILE cannot be read or is empty`), problems.join());
      assert.doesNotMatch(problems.join(), /\/run\/secrets|ENOENT/);
    });
  }
}

for (const text of ['\n', '\r\n']) {
  test(`a password file of ${JSON.stringify(text)} alone is a problem, not an account that is off`, () => {
    const environment = { IAM_URL, ...ACCOUNT, IAM_SERVICE_PASSWORD_FILE: '/run/secrets/s' };
    assert.notDeepEqual(problemsOf(environment, withFile(text)), []);
  });
}

test('a password keeps its blanks and its inner line breaks', () => {
  const environment = { IAM_URL, ...ACCOUNT, IAM_SERVICE_PASSWORD_FILE: '/run/secrets/s' };
  assert.equal(configOf(environment, withFile(' a\nb \n\n')).IAM_SERVICE_PASSWORD, ' a\nb \n');
});

test('no other variable is looked for in a file', () => {
  const environment = { IAM_URL, PORT_FILE: '/run/secrets/s' };
  assert.equal(configOf(environment, withFile('1')).PORT, 8_000);
});

const ACCOUNT_NAMES = ['IAM_SERVICE_USER', 'IAM_SERVICE_PASSWORD', 'IAM_SERVICE_DOMAIN', 'IAM_SERVICE_PROJECT'];
for (const name of ACCOUNT_NAMES) {
  test(`the service's account without ${name}, or with it alone, is a problem that names all four`, () => {
    const all = { ...ACCOUNT, IAM_SERVICE_PASSWORD: 'secret-password' };
    for (const account of [{ ...all, [name]: undefined }, { [name]: 'secret-password' }]) {
      const problems = problemsOf({ IAM_URL, ...account });
      assert.equal(problems.length, 1);
      for (const each of ACCOUNT_NAMES) assert.match(problems[0] ?? '', new RegExp(each));
      assert.doesNotMatch(problems.join(), /secret-password/);
    }
  });
}

test('the running service reads a file of its own machine', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'tokens');
  writeFileSync(path, `${TOKENS}\n`);
  const app = appOf({ AUTH_METHODS: 'static', STATIC_TOKENS_FILE: path });
  assert.deepEqual(app.config.STATIC_TOKENS, { [PROJECT_ID]: [DIGEST] });
  const missing = { AUTH_METHODS: 'static', STATIC_TOKENS_FILE: join(folder, 'other') };
  assert.throws(() => appOf(missing), ConfigError);
});
