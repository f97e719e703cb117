import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { type Row, rowsOf, shown, testRows } from '../support/contract-rows.ts';
import { startService } from '../support/running-service.ts';
import { JSON_TYPE, type WireOptions } from '../support/wire-request.ts';

const { doors, iam, tokens: issued } = await startService();
const { TOKEN, OTHER_PROJECT_TOKEN, UNKNOWN_TOKEN } = issued;
const tokens = [TOKEN];
const pathOf = (projectId: string) => `/v1.0/${projectId}/kms/gen-random`;

const UNKNOWN_PATHS = [
  '/',
  '/v1.0',
  `/v1.0/${PROJECT_ID}/kms`,
  `/v1.0/${PROJECT_ID}/kms/create-key`,
  `/v1/${PROJECT_ID}/kms/gen-random`,
  `/V1.0/${PROJECT_ID}/kms/gen-random`,
  `/v1x0/${PROJECT_ID}/kms/gen-random`,
  `/v1.0/${PROJECT_ID}/KMS/gen-random`,
  `/v1.0/${PROJECT_ID}/kms/gen-Random`,
  `/v1.0/${PROJECT_ID}/kms/gen%2Drandom`,
  `/v1.0/${PROJECT_ID}/kms/gen-random/more`,
  `/v1.0/${PROJECT_ID}/more/kms/gen-random`,
  `/prefix${PATH}`,
  `${PATH}//`,
  `${PATH}%2F`,
  `${PATH};v=1`,
  '/v1.0/kms/gen-random',
];

const MALFORMED_PROJECT_IDS = [
  '',
  'demo',
  PROJECT_ID.slice(1),
  `${PROJECT_ID}0`,
  `${PROJECT_ID.slice(1)}-`,
  `${PROJECT_ID.slice(1)}_`,
  `${PROJECT_ID.slice(1)}%30`,
  `%C3%A9${PROJECT_ID.slice(1)}`,
  `01234567-89ab-cdef-0123-456789abcdef`,
  '..',
];

testRows(doors, iam.url, [
  ...rowsOf(512, [
    ['the path is answered', { tokens }],
    ['one slash at the end of the path is taken', { tokens, path: `${PATH}/` }],
    ['slashes at the beginning of the path count as one', { tokens, path: `//${PATH}` }],
    ['a query does not belong to the path', { tokens, query: 'a=b&path=/' }],
  ]),
  ...rowsOf(
    '404 APIGW.0101',
    UNKNOWN_PATHS.map((path) => [`the path ${path} is unknown`, { tokens, path }]),
  ),
  ...rowsOf(
    '405 KMS.0215',
    ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'].map((method) => [
      `${method} is not supported`,
      { tokens, method },
    ]),
  ),
  ...rowsOf(
    '400 KMS.0201',
    MALFORMED_PROJECT_IDS.map((id) => [`the project id ${shown(id)} is malformed`, { tokens, path: pathOf(id) }]),
  ),
  ...rowsOf(
    '403 KMS.0321',
    [OTHER_PROJECT_ID, PROJECT_ID.toUpperCase(), 'Z'.repeat(32)].map((id) => [
      `the project id ${id} is well formed and not the token's`,
      { tokens, path: pathOf(id) },
    ]),
  ),
]);

const LONG_BODY = ' '.repeat(16 * 1024 + 1);

/** Broken in every way that it can be broken in. */
const WORST: WireOptions = {
  path: '/nowhere',
  method: 'GET',
  contentType: 'text/plain',
  body: LONG_BODY,
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

testRows(doors, iam.url, [
  ...MENDS.map(([name, , answer], index) => ({
    name: `the checks come in their order: ${index} mended, ${name} last`,
    request: Object.assign({}, WORST, ...MENDS.slice(0, index + 1).map(([, mend]) => mend)),
    answer,
  })),
  { name: 'an over-long body without a token', request: { body: LONG_BODY }, answer: '401 KMS.0301' },
  {
    name: 'an over-long body with a token that nobody knows',
    request: { tokens: [UNKNOWN_TOKEN], body: LONG_BODY },
    answer: '403 KMS.0302',
  },
  { name: 'an over-long body with a good token', request: { tokens, body: LONG_BODY }, answer: '400 KMS.0203' },
]);
