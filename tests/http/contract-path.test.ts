import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { shown, testRows } from '../support/contract-rows.ts';
import { startService } from '../support/running-service.ts';

const { doors, iam } = await startService();
const tokens = [iam.tokens.TOKEN];
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
  { name: 'the path is answered', request: { tokens }, answer: 512 },
  { name: 'one slash at the end of the path is taken', request: { tokens, path: `${PATH}/` }, answer: 512 },
  { name: 'slashes at the beginning of the path count as one', request: { tokens, path: `//${PATH}` }, answer: 512 },
  { name: 'a query does not belong to the path', request: { tokens, query: 'a=b&path=/' }, answer: 512 },
  ...UNKNOWN_PATHS.map((path) => ({
    name: `the path ${path} is unknown`,
    request: { tokens, path },
    answer: '404 APIGW.0101' as const,
  })),
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
    name: `${method} is not supported`,
    request: { tokens, method },
    answer: '405 KMS.0215' as const,
  })),
  ...MALFORMED_PROJECT_IDS.map((projectId) => ({
    name: `the project id ${shown(projectId)} is malformed`,
    request: { tokens, path: pathOf(projectId) },
    answer: '400 KMS.0201' as const,
  })),
  ...[OTHER_PROJECT_ID, PROJECT_ID.toUpperCase(), 'Z'.repeat(32)].map((projectId) => ({
    name: `the project id ${projectId} is well formed and not the token's`,
    request: { tokens, path: pathOf(projectId) },
    answer: '403 KMS.0321' as const,
  })),
]);
