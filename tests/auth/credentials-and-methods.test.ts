import { after, test } from 'node:test';
import { appOf } from '../support/app.ts';
import { checkRow, type Row } from '../support/contract-rows.ts';
import { openServerDoor } from '../support/server-door.ts';
import { AKSK_CREDENTIALS, KEY, sent } from '../support/signed-request.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { issueTokens, startTestIam } from '../support/test-iam.ts';
import type { WireOptions } from '../support/wire-request.ts';

// Every set of methods with everything that a request may carry: the contract's table, read a second time.

const iam = await startTestIam({ after }, { startMs: Date.now() });
const issued = await issueTokens(iam);

const METHODS = ['iam', 'static', 'aksk', 'iam,static', 'iam,aksk', 'static,aksk', 'iam,static,aksk'];

type Token = 'none' | 'static' | 'iam' | 'unknown' | 'malformed';
const TOKENS: Readonly<Record<Token, readonly string[]>> = {
  none: [],
  static: [STATIC_TOKEN],
  iam: [issued.TOKEN],
  unknown: [issued.UNKNOWN_TOKEN],
  malformed: ['a,b'],
};

type Authorization = 'none' | 'a good signature' | 'a wrong signature' | 'another scheme';
const AUTHORIZATIONS: Readonly<Record<Authorization, () => WireOptions>> = {
  none: () => ({}),
  'a good signature': () => sent(),
  'a wrong signature': () => sent({ key: { ...KEY, secretKey: 'another' } }),
  'another scheme': () => ({ headers: [['Authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.']] }),
};

function expected(methods: string, token: Token, authorization: Authorization): Row['answer'] {
  const [hasIam, hasStatic, hasKeys] = ['iam', 'static', 'aksk'].map((method) => methods.split(',').includes(method));
  const isSigned = hasKeys && authorization.endsWith('signature');
  const hasToken = (hasIam || hasStatic) && token !== 'none';
  if (isSigned && hasToken) return '401 KMS.0301';
  if (isSigned) return authorization === 'a good signature' ? 512 : '401 APIGW.0301';
  if (!hasToken || token === 'malformed') return '401 KMS.0301';
  return (hasStatic && token === 'static') || (hasIam && token === 'iam') ? 512 : '403 KMS.0302';
}

for (const methods of METHODS) {
  const app = appOf({
    ...STATIC,
    AUTH_METHODS: methods,
    IAM_URL: iam.url,
    AKSK_CREDENTIALS,
  });
  const { door } = await openServerDoor(app, { after });
  for (const token of Object.keys(TOKENS) as Token[]) {
    for (const authorization of Object.keys(AUTHORIZATIONS) as Authorization[]) {
      const answer = expected(methods, token, authorization);
      test(`AUTH_METHODS=${methods}, X-Auth-Token: ${token}, Authorization: ${authorization}: ${answer}`, async () => {
        const request = { ...AUTHORIZATIONS[authorization](), tokens: TOKENS[token] };
        await checkRow(door, iam.url, { name: '', request, answer });
      });
    }
  }
}
