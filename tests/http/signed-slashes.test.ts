import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { appOf } from '../support/app.ts';
import { PATH, PROJECT_ID } from '../support/contract.ts';
import { KEY, sign, toSign } from '../support/signed-request.ts';

const app = appOf({
  AUTH_METHODS: 'aksk',
  AKSK_CREDENTIALS: JSON.stringify([{ access_key: KEY.accessKey, secret_key: KEY.secretKey, project_id: PROJECT_ID }]),
  BASE_PATH: '/random',
});

/** What a client whose endpoint ends in a slash signs, and what is left of it in the event. */
const DELIVERED: readonly (readonly [signed: string, path: string, stage: string])[] = [
  [`/random/${PATH}`, `/${PATH}`, '$default'],
  [`/random/${PATH}`, `/dev/${PATH}`, 'dev'],
  [`/${PATH}`, `/dev/${PATH}`, 'dev'],
  [`/random//${PATH}`, `//${PATH}`, '$default'],
];
for (const [signedPath, path, stage] of DELIVERED) {
  const statusOf = async (signed: string) => {
    const { method, headers, body, ...rest } = toSign(Date.now(), { path: signed });
    const event = {
      version: '2.0',
      rawPath: path,
      rawQueryString: '',
      headers: Object.fromEntries([...headers, ['Authorization', sign({ method, headers, body, ...rest })]]),
      body: body.toString(),
      requestContext: { stage, http: { method } },
    };
    return (await createHttpFunction(app)(event, {})).statusCode;
  };

  test(`a signature over ${signedPath} is good for ${path} of the stage ${stage}`, async () => {
    assert.deepEqual([await statusOf(signedPath), await statusOf(`/else/${PATH}`)], [200, 401]);
  });
}
