import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRow, type Row, shown, testRows, testRowsEverywhere } from '../support/contract-rows.ts';
import { startService } from '../support/running-service.ts';

const { doors, iam, tokens } = await startService();
const { TOKEN, UNKNOWN_TOKEN, EXPIRED_TOKEN, UNSCOPED_TOKEN, ROLELESS_TOKEN, OTHER_PROJECT_TOKEN } = tokens;

const MAX_TOKEN_CHARACTERS = 32 * 1024;

const MALFORMED_TOKENS = [
  '',
  ' ',
  ' \t ',
  ',',
  `${TOKEN},${TOKEN}`,
  `${TOKEN}, ${UNKNOWN_TOKEN}`,
  `${TOKEN},`,
  `,${TOKEN}`,
  'tok\u00e9n',
  'to\tken',
  'x'.repeat(MAX_TOKEN_CHARACTERS + 1),
];

const CREDENTIAL_MISSING = '401 KMS.0301';

testRows(doors, iam.url, [
  { name: 'no token at all', request: {}, answer: CREDENTIAL_MISSING },
  ...MALFORMED_TOKENS.map((token) => ({
    name: `the token ${shown(token)} is malformed`,
    request: { tokens: [token] },
    answer: CREDENTIAL_MISSING as Row['answer'],
  })),
  { name: 'white space around a token is not part of it', request: { tokens: [`  ${TOKEN}\t`] }, answer: 512 },
  {
    name: 'a token of full length is asked about',
    request: { tokens: ['x'.repeat(MAX_TOKEN_CHARACTERS)] },
    answer: '403 KMS.0302',
  },
  { name: 'a token that IAM does not know', request: { tokens: [UNKNOWN_TOKEN] }, answer: '403 KMS.0302' },
  { name: 'a token that has expired', request: { tokens: [EXPIRED_TOKEN] }, answer: '403 KMS.0303' },
  { name: 'a token without a project', request: { tokens: [UNSCOPED_TOKEN] }, answer: '403 KMS.0305' },
  { name: 'a token without an allowed role', request: { tokens: [ROLELESS_TOKEN] }, answer: '403 KMS.0307' },
  { name: 'a token of another project', request: { tokens: [OTHER_PROJECT_TOKEN] }, answer: '403 KMS.0321' },
]);

testRowsEverywhere(
  doors,
  iam.url,
  ['x-auth-token', 'X-AUTH-TOKEN', 'x-Auth-tokeN'].map((name) => ({
    name: `the header may be spelled ${name}`,
    request: { headers: [[name, TOKEN]] },
    answer: 512,
  })),
);

const FOREIGN_AUTHORIZATIONS = [
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'Basic ZGVtbzpkZW1v',
  'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=00',
  'nonsense',
];

for (const authorization of FOREIGN_AUTHORIZATIONS) {
  const headers = [['Authorization', authorization]] as const;
  const name = `Authorization ${shown(authorization)}, whose method is off, is as if it were not there`;
  testRows(doors, iam.url, [
    { name: `${name}: with a token`, request: { headers, tokens: [TOKEN] }, answer: 512 },
    { name: `${name}: alone`, request: { headers }, answer: CREDENTIAL_MISSING },
  ]);
}

const TWICE: readonly (readonly [name: string, request: Row['request']])[] = [
  ['the same token twice', { tokens: [TOKEN, TOKEN] }],
  ['two different tokens', { tokens: [UNKNOWN_TOKEN, TOKEN] }],
  ['an empty token before a good one', { tokens: ['', TOKEN] }],
  [
    'two tokens under names that differ in case',
    {
      headers: [
        ['x-auth-token', TOKEN],
        ['X-Auth-Token', TOKEN],
      ],
    },
  ],
];

testRowsEverywhere(
  // A load balancer without multi-value headers hands over the last of two headers and nothing of the first.
  doors.filter((door) => door.keepsRepeatedHeaders),
  iam.url,
  TWICE.map(([name, request]) => ({ name: `${name} are no credential`, request, answer: CREDENTIAL_MISSING })),
);

test('IAM is not asked about what is no token', async () => {
  const before = iam.asked.length;
  for (const token of MALFORMED_TOKENS) {
    await checkRow(doors[0], iam.url, { name: '', request: { tokens: [token] }, answer: CREDENTIAL_MISSING });
  }
  assert.equal(iam.asked.length, before);
});
