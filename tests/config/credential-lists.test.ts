import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../lib/config/config.ts';
import { configOf, IAM_URL, problemsOf } from '../support/config.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from '../support/contract.ts';

const DIGEST = '0123456789abcdefABCDEF'.padEnd(64, '7');
const OTHER_DIGEST = 'f'.repeat(64);

interface List {
  readonly name: keyof Config;
  readonly method: string;
  readonly form: string;
  readonly accepted: readonly { given: unknown; value: unknown }[];
  /** Each with the part that is wrong. */
  readonly refused: readonly (readonly [given: unknown, part: string])[];
}

const DEMO_KEY = { access_key: 'DEMOACCESSKEY0000001', secret_key: 'demo-secret-key-0000000000000000000000001' };
const PUBLIC_KEY = 'has the public key of the local run in entry';
const KEY = { access_key: 'AK-1_x', secret_key: 'SK', project_id: PROJECT_ID };

const BAD_DIGEST = 'has something else than a SHA-256 of 64 hexadecimal digits in project 1, entry';
const BAD_PROJECT = 'has a bad id in project 1: it must be 32 letters and digits';
const BAD_ACCESS_KEY = 'has no good access_key in entry 1: it must be up to 128 letters, digits, - and _';
const BAD_PROJECT_ID = 'has no good project_id in entry 1: it must be 32 letters and digits';
const KEY_TWICE = 'has an access_key for the second time in entry 2';

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
      [{}, 'names no project'],
      [[], 'is no JSON object'],
      [null, 'is no JSON object'],
      [DIGEST, 'is no JSON object'],
      [[DIGEST], 'is no JSON object'],
      [{ [PROJECT_ID]: [] }, 'has an empty list in project 1'],
      [{ [PROJECT_ID]: DIGEST }, 'has no list of digests in project 1'],
      [{ [PROJECT_ID]: [DIGEST.slice(1)] }, `${BAD_DIGEST} 1`],
      [{ [PROJECT_ID]: [`${DIGEST}0`] }, `${BAD_DIGEST} 1`],
      [{ [PROJECT_ID]: [DIGEST.replace('0', 'g')] }, `${BAD_DIGEST} 1`],
      [{ [PROJECT_ID]: [DIGEST, 'a-token-in-clear'] }, `${BAD_DIGEST} 2`],
      [{ [PROJECT_ID]: [{ digest: DIGEST }] }, `${BAD_DIGEST} 1`],
      [{ [PROJECT_ID]: [` ${DIGEST}`] }, `${BAD_DIGEST} 1`],
      [{ [PROJECT_ID.slice(1)]: [DIGEST] }, BAD_PROJECT],
      [{ [`${PROJECT_ID}0`]: [DIGEST] }, BAD_PROJECT],
      [{ [PROJECT_ID.replace('0', '-')]: [DIGEST] }, BAD_PROJECT],
      [{ '': [DIGEST] }, BAD_PROJECT],
      [{ [PROJECT_ID]: [DIGEST], demo: [DIGEST] }, 'has a bad id in project 2: it must be 32 letters and digits'],
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
      [[], 'is an empty list'],
      [{}, 'is no JSON list'],
      [null, 'is no JSON list'],
      [KEY, 'is no JSON list'],
      [[[]], 'has no object in entry 1'],
      [[KEY, KEY], KEY_TWICE],
      [[KEY, { ...KEY, secret_key: 'another', project_id: OTHER_PROJECT_ID }], KEY_TWICE],
      [[{ ...KEY, access_key: '' }], BAD_ACCESS_KEY],
      [[{ ...KEY, access_key: 'A K' }], BAD_ACCESS_KEY],
      [[{ ...KEY, access_key: 'AK,' }], BAD_ACCESS_KEY],
      [[{ ...KEY, access_key: 'A'.repeat(129) }], BAD_ACCESS_KEY],
      [[{ ...KEY, access_key: 5 }], BAD_ACCESS_KEY],
      [[{ ...KEY, access_key: undefined }], BAD_ACCESS_KEY],
      [[{ ...KEY, secret_key: '' }], 'has no secret_key in entry 1'],
      [[{ ...KEY, secret_key: null }], 'has no secret_key in entry 1'],
      [[{ ...KEY, secret_key: undefined }], 'has no secret_key in entry 1'],
      [[{ ...KEY, project_id: 'demo' }], BAD_PROJECT_ID],
      [[{ ...KEY, project_id: undefined }], BAD_PROJECT_ID],
      [[{ accessKey: 'AK', secretKey: 'SK', projectId: PROJECT_ID }], BAD_ACCESS_KEY],
      // The local run's, in whole and in part: whoever reads the documents has it.
      [[{ ...KEY, ...DEMO_KEY }], `${PUBLIC_KEY} 1`],
      [[{ ...KEY, access_key: DEMO_KEY.access_key }], `${PUBLIC_KEY} 1`],
      [[KEY, { ...KEY, access_key: 'AK2', secret_key: DEMO_KEY.secret_key }], `${PUBLIC_KEY} 2`],
    ],
  },
];

for (const { name, method, form, accepted, refused } of LISTS) {
  for (const { given, value } of accepted) {
    const text = JSON.stringify(given);
    test(`${name}=${text} is accepted`, () => {
      assert.deepEqual(configOf({ AUTH_METHODS: method, [name]: text })[name], value);
      assert.deepEqual(configOf({ AUTH_METHODS: method, [name]: ` ${text}\n` })[name], value);
    });
  }

  const notJson = [
    '{',
    `${JSON.stringify(refused[0]?.[0])}x`,
    "{'a':1}",
    'a-token-in-clear',
    `\ufeff${JSON.stringify(accepted[0]?.given)}`,
  ];
  const wrong = [
    ...refused.map(([given, part]) => [JSON.stringify(given), part]),
    ...notJson.map((text) => [text, 'is not JSON']),
  ];
  for (const [text, part] of wrong) {
    test(`${name}=${text} ${part}: one problem, in one sentence that repeats nothing of it`, () => {
      assert.deepEqual(problemsOf({ AUTH_METHODS: method, [name]: text }), [`${name} ${part}; it ${form}`]);
    });
  }

  test(`${name} is missing where its method is on, and not where it is off`, () => {
    assert.deepEqual(problemsOf({ AUTH_METHODS: method }), [
      `${name} is missing; AUTH_METHODS with ${method} needs it`,
    ]);
    assert.deepEqual(problemsOf({ AUTH_METHODS: 'iam', IAM_URL }), []);
  });

  test(`a wrong ${name} is a problem although its method is off`, () => {
    assert.deepEqual(problemsOf({ AUTH_METHODS: 'iam', IAM_URL, [name]: '{' }), [`${name} is not JSON; it ${form}`]);
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

// Two projects for one token: the verifier would take the last of them without a word.
const AMBIGUOUS = [
  JSON.stringify({ [PROJECT_ID]: [DIGEST], [OTHER_PROJECT_ID]: [DIGEST] }),
  JSON.stringify({ [PROJECT_ID]: [DIGEST], [OTHER_PROJECT_ID]: [DIGEST.toLowerCase()] }),
];
for (const text of AMBIGUOUS) {
  test(`STATIC_TOKENS=${text} gives one token to two projects`, () => {
    assert.equal(problemsOf({ AUTH_METHODS: 'static', STATIC_TOKENS: text }).length, 1);
  });
}
