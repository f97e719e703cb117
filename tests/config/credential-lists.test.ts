import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Config, ConfigError, type Environment, parseConfig } from '../../lib/config/config.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from '../support/contract.ts';

const MACHINE = { hasKernelRandom: true, readTextFile: String };
const DIGEST = '0123456789abcdefABCDEF'.padEnd(64, '7');
const OTHER_DIGEST = 'f'.repeat(64);

function problemsOf(environment: Environment): readonly string[] {
  try {
    parseConfig(environment, MACHINE);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

interface List {
  readonly name: keyof Config;
  readonly method: string;
  readonly form: string;
  readonly accepted: readonly { given: unknown; value: unknown }[];
  readonly refused: readonly unknown[];
}

const KEY = { access_key: 'AK-1_x', secret_key: 'SK', project_id: PROJECT_ID };

const LISTS: readonly List[] = [
  {
    name: 'STATIC_TOKENS',
    method: 'static',
    form: 'must be JSON {"<project id>": ["<sha256 of a token, 64 hexadecimal digits>", …]}, each digest once',
    accepted: [
      { given: { [PROJECT_ID]: [DIGEST] }, value: { [PROJECT_ID]: [DIGEST] } },
      {
        given: { [PROJECT_ID]: [DIGEST, OTHER_DIGEST], [OTHER_PROJECT_ID]: ['0'.repeat(64)] },
        value: { [PROJECT_ID]: [DIGEST, OTHER_DIGEST], [OTHER_PROJECT_ID]: ['0'.repeat(64)] },
      },
    ],
    refused: [
      {},
      [],
      null,
      DIGEST,
      [DIGEST],
      { [PROJECT_ID]: [] },
      { [PROJECT_ID]: DIGEST },
      { [PROJECT_ID]: [DIGEST.slice(1)] },
      { [PROJECT_ID]: [`${DIGEST}0`] },
      { [PROJECT_ID]: [DIGEST.replace('0', 'g')] },
      { [PROJECT_ID]: [DIGEST, 'a-token-in-clear'] },
      { [PROJECT_ID]: [{ digest: DIGEST }] },
      { [PROJECT_ID]: [` ${DIGEST}`] },
      { [PROJECT_ID.slice(1)]: [DIGEST] },
      { [`${PROJECT_ID}0`]: [DIGEST] },
      { [PROJECT_ID.replace('0', '-')]: [DIGEST] },
      { '': [DIGEST] },
      { [PROJECT_ID]: [DIGEST], demo: [DIGEST] },
    ],
  },
  {
    name: 'AKSK_CREDENTIALS',
    method: 'aksk',
    form: 'must be JSON [{"access_key", "secret_key", "project_id"}, …], each access key once',
    accepted: [
      { given: [KEY], value: [{ accessKey: 'AK-1_x', secretKey: 'SK', projectId: PROJECT_ID }] },
      {
        given: [KEY, { ...KEY, access_key: 'ak-1_x', secret_key: ' é\n', project_id: OTHER_PROJECT_ID, note: 'x' }],
        value: [
          { accessKey: 'AK-1_x', secretKey: 'SK', projectId: PROJECT_ID },
          { accessKey: 'ak-1_x', secretKey: ' é\n', projectId: OTHER_PROJECT_ID },
        ],
      },
    ],
    refused: [
      [],
      {},
      null,
      KEY,
      [[]],
      [KEY, KEY],
      [KEY, { ...KEY, secret_key: 'another', project_id: OTHER_PROJECT_ID }],
      [{ ...KEY, access_key: '' }],
      [{ ...KEY, access_key: 'A K' }],
      [{ ...KEY, access_key: 'AK,' }],
      [{ ...KEY, access_key: 'A'.repeat(129) }],
      [{ ...KEY, access_key: 5 }],
      [{ ...KEY, access_key: undefined }],
      [{ ...KEY, secret_key: '' }],
      [{ ...KEY, secret_key: null }],
      [{ ...KEY, secret_key: undefined }],
      [{ ...KEY, project_id: 'demo' }],
      [{ ...KEY, project_id: undefined }],
      [{ accessKey: 'AK', secretKey: 'SK', projectId: PROJECT_ID }],
    ],
  },
];

for (const { name, method, form, accepted, refused } of LISTS) {
  for (const { given, value } of accepted) {
    const text = JSON.stringify(given);
    test(`${name}=${text} is accepted`, () => {
      assert.deepEqual(parseConfig({ AUTH_METHODS: method, [name]: text }, MACHINE)[name], value);
      assert.deepEqual(parseConfig({ AUTH_METHODS: method, [name]: ` ${text}\n` }, MACHINE)[name], value);
    });
  }

  const notJson = [
    '{',
    `${JSON.stringify(refused[0])}x`,
    "{'a':1}",
    'a-token-in-clear',
    `\ufeff${JSON.stringify(accepted[0]?.given)}`,
  ];
  for (const text of [...refused.map((given) => JSON.stringify(given)), ...notJson]) {
    test(`${name}=${text} is one problem, in one sentence that repeats nothing of it`, () => {
      assert.deepEqual(problemsOf({ AUTH_METHODS: method, [name]: text }), [`${name} ${form}`]);
    });
  }

  test(`${name} is missing where its method is on, and not where it is off`, () => {
    assert.deepEqual(problemsOf({ AUTH_METHODS: method }), [
      `${name} is missing; AUTH_METHODS with ${method} needs it`,
    ]);
    assert.deepEqual(problemsOf({ AUTH_METHODS: 'iam', IAM_URL: 'https://iam.test/v3' }), []);
  });

  test(`a wrong ${name} is a problem although its method is off`, () => {
    assert.deepEqual(problemsOf({ AUTH_METHODS: 'iam', IAM_URL: 'https://iam.test/v3', [name]: '{' }), [
      `${name} ${form}`,
    ]);
  });
}

test('static tokens and keys need no IAM', () => {
  const environment = {
    AUTH_METHODS: 'aksk,static',
    STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [DIGEST] }),
    AKSK_CREDENTIALS: JSON.stringify([KEY]),
  };
  assert.deepEqual(problemsOf(environment), []);
});

// Two projects for one token, or two lists for one project: JSON.parse or the verifier would take the last without a word.
const AMBIGUOUS = [
  JSON.stringify({ [PROJECT_ID]: [DIGEST], [OTHER_PROJECT_ID]: [DIGEST] }),
  JSON.stringify({ [PROJECT_ID]: [DIGEST], [OTHER_PROJECT_ID]: [DIGEST.toLowerCase()] }),
];
for (const text of AMBIGUOUS) {
  test(`STATIC_TOKENS=${text} gives one token to two projects`, () => {
    assert.equal(problemsOf({ AUTH_METHODS: 'static', STATIC_TOKENS: text }).length, 1);
  });
}
