import { hash } from 'node:crypto';
import { after } from 'node:test';
import { formatSdkDate } from '../../lib/huawei-signing/sdk-date.ts';
import { type Scheme, UNSIGNED_PAYLOAD } from '../../lib/huawei-signing/signature.ts';
import { appOf } from '../support/app.ts';
import { PROJECT_ID, type Refusal } from '../support/contract.ts';
import { type Row, testRows } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { AKSK_CREDENTIALS, KEY, sent, toSign } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

// Every scheme through every door.

const IAM_URL = 'http://127.0.0.1:9/v3';
const TOKEN = 'a-token-of-the-operator';
const environment = {
  AUTH_METHODS: 'static,aksk',
  IAM_URL,
  STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
  AKSK_CREDENTIALS,
};
const doors = await openDoors(appOf(environment), { after });

const REFUSED: Refusal = '401 APIGW.0301';
const TWO_CREDENTIALS: Refusal = '401 KMS.0301';
const unsigned: HeaderLine = ['X-Sdk-Content-Sha256', UNSIGNED_PAYLOAD];
const unsignedBySm3: HeaderLine = ['X-Sdk-Content-Sm3', UNSIGNED_PAYLOAD];
const NO_TEXT = Buffer.of(0xff, 0xfe, 0x00);
const WRONG_KEY = { ...KEY, secretKey: 'wrong' };

const NOW_MS = Date.now();
const DAY = formatSdkDate(NOW_MS).slice(0, 8);
const { headers } = toSign(NOW_MS);

const FORMS: readonly { scheme: Scheme; end?: string }[] = [
  { scheme: 'SDK-HMAC-SM3' },
  { scheme: 'SDK-HMAC-SHA256', end: '/eu-de/kms/sdk_request' },
  { scheme: 'SDK-HMAC-SHA256', end: '///sdk_request' },
  { scheme: 'V11-HMAC-SHA256', end: '/eu-de/kms' },
];

const ROWS: readonly Row[] = [
  ...FORMS.flatMap(({ scheme, end }): Row[] => {
    const form = { scheme, headers, ...(end !== undefined && { scope: `${DAY}${end}` }) };
    const name = `${scheme}${end ?? ''}`;
    return [
      { name, request: sent(form), answer: 512 },
      { name: `${name} and a body that is no text`, request: sent({ ...form, body: NO_TEXT }), answer: '400 KMS.0202' },
      { name: `${name} with a wrong secret`, request: sent({ ...form, key: WRONG_KEY }), answer: REFUSED },
      {
        name: `${name} and another body`,
        request: { ...sent(form), body: '{"random_data_length":"8"}' },
        answer: REFUSED,
      },
    ];
  }),
  {
    name: 'SDK-HMAC-SM3 and a body that is not signed',
    request: {
      ...sent({ scheme: 'SDK-HMAC-SM3', headers: [...headers, unsignedBySm3] }),
      body: { random_data_length: 8 },
    },
    answer: 8,
  },
  {
    name: 'SDK-HMAC-SM3 and a body that is said not to be signed by the other scheme',
    request: {
      ...sent({ scheme: 'SDK-HMAC-SM3', headers: [...headers, unsigned] }),
      body: { random_data_length: 8 },
    },
    answer: REFUSED,
  },
  ...['SDK-SM2-SM3', 'SDK-ECDSA-P256-SHA256', 'V11-HMAC-SM3', 'v11-hmac-sha256'].flatMap((scheme): Row[] => {
    const request = sent({}, (value) => value.replace('SDK-HMAC-SHA256', scheme));
    return [
      { name: scheme, request, answer: REFUSED },
      { name: `${scheme} and a good token`, request: { ...request, tokens: [TOKEN] }, answer: TWO_CREDENTIALS },
    ];
  }),
];
testRows(doors, IAM_URL, ROWS);
