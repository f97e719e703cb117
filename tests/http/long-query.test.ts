import { after } from 'node:test';
import { appOf } from '../support/app.ts';
import { PATH } from '../support/contract.ts';
import { testRows } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';

const IAM_URL = 'http://127.0.0.1:9/v3';
const doors = await openDoors(appOf({ ...STATIC, IAM_URL }), { after });

const tokens = [STATIC_TOKEN];
const FULL = `a=${'x'.repeat(4_094)}`;
const MANY = Array.from({ length: 600 }, (_, index) => `n${index}=vv`).join('&');

// Without a credential: a query that is too long is refused before anybody is asked who sent it.
testRows(doors, IAM_URL, [
  { name: 'a query of 4 KiB is taken', request: { tokens, query: FULL }, answer: 512 },
  { name: 'a query of one byte more is refused', request: { query: `${FULL}x` }, answer: '400 KMS.0214' },
  { name: 'a query of many short pairs is refused', request: { query: MANY }, answer: '400 KMS.0214' },
  { name: 'a percent-encoded one is too', request: { query: `a=${'%41'.repeat(4_095)}` }, answer: '400 KMS.0214' },
  {
    name: 'a signed one too',
    request: { query: `${FULL}x`, headers: [['Authorization', 'SDK-HMAC-SHA256 x']] },
    answer: '400 KMS.0214',
  },
  { name: 'another method is refused first', request: { method: 'GET', query: `${FULL}x` }, answer: '405 KMS.0215' },
  { name: 'another path is unknown first', request: { path: `${PATH}s`, query: `${FULL}x` }, answer: '404 APIGW.0101' },
]);
