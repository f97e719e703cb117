import { PATH } from '../support/contract.ts';
import { type Row, testRows } from '../support/contract-rows.ts';
import { startService } from '../support/running-service.ts';
import { JSON_TYPE, type WireOptions } from '../support/wire-request.ts';

const { doors, iam } = await startService();
const { TOKEN, OTHER_PROJECT_TOKEN } = iam.tokens;

/** Broken in every way that it can be broken in. */
const WORST: WireOptions = {
  path: '/nowhere',
  method: 'GET',
  contentType: 'text/plain',
  body: 'x'.repeat(16 * 1024 + 1),
};

/** What is mended, one thing after the other, and what the next check then says. */
const MENDS: readonly (readonly [name: string, mend: WireOptions, answer: Row['answer']])[] = [
  ['nothing', {}, '404 APIGW.0101'],
  ['the path', { path: '/v1.0/demo/kms/gen-random' }, '405 KMS.0215'],
  ['the method', { method: 'POST' }, '400 KMS.0201'],
  ['the project id', { path: PATH }, '401 KMS.0301'],
  ['the authentication', { tokens: [OTHER_PROJECT_TOKEN] }, '403 KMS.0321'],
  ['the authorisation', { tokens: [TOKEN] }, '400 KMS.0214'],
  ['the content type', { contentType: JSON_TYPE }, '400 KMS.0203'],
  ['the size of the body', { body: '[' }, '400 KMS.0202'],
  ['the JSON', { body: { sequence: 1 } }, '400 KMS.0204'],
  ['the missing length', { body: { sequence: 1, random_data_length: '8193.0' } }, '400 KMS.0308'],
  ['the spelling of the length', { body: { sequence: 1, random_data_length: '8193' } }, '400 KMS.1801'],
  ['the range of the length', { body: { sequence: 1, random_data_length: '8191' } }, '400 KMS.1802'],
  ['the step of the length', { body: { sequence: 1, random_data_length: '8192' } }, '400 KMS.0206'],
  ['the sequence', { body: { sequence: null, random_data_length: '8192' } }, 8192],
];

const rows = MENDS.map(([name, , answer], index) => ({
  name: `the checks come in their order: ${index} mended, ${name} last`,
  request: Object.assign({}, WORST, ...MENDS.slice(0, index + 1).map(([, mend]) => mend)),
  answer,
}));

testRows(doors, iam.url, rows);

testRows(
  doors,
  iam.url,
  [
    { name: 'without a token', tokens: [], answer: '401 KMS.0301' as const },
    { name: 'with a token that nobody knows', tokens: [iam.tokens.UNKNOWN_TOKEN], answer: '403 KMS.0302' as const },
    { name: 'with a good token', tokens: [TOKEN], answer: '400 KMS.0203' as const },
  ].map(({ name, tokens, answer }) => ({
    name: `an over-long body ${name}`,
    request: { tokens, body: ' '.repeat(100_000) },
    answer,
  })),
);
