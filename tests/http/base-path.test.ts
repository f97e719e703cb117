import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { appOf } from '../support/app.ts';
import { PATH } from '../support/contract.ts';
import { type Row, testRows } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { eventShape } from '../support/event-shapes.ts';
import { fieldsOf } from '../support/samples.ts';
import { AKSK_CREDENTIALS, sent } from '../support/signed-request.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { type WireOptions, wireRequest } from '../support/wire-request.ts';

const IAM_URL = 'http://127.0.0.1:9/v3';
const app = appOf({
  ...STATIC,
  IAM_URL,
  AUTH_METHODS: 'static,aksk',
  AKSK_CREDENTIALS,
  BASE_PATH: '/random/',
});
const doors = await openDoors(app, { after });

const tokens = [STATIC_TOKEN];

/** A request that was signed over one path and arrives under another. */
const signed = (signedPath: string, path: string): WireOptions => ({ ...sent({ path: signedPath }), path });

const SERVED = [PATH, `/random${PATH}`, `/${PATH}`, `//random${PATH}`, `/random/${PATH}`, `/random${PATH}/`];
const UNKNOWN = [
  `/randomly${PATH}`,
  `/RANDOM${PATH}`,
  `/random/random${PATH}`,
  `/other${PATH}`,
  `/rando${PATH}`,
  '/random',
  '/random/',
  `/random/health/life`,
];

testRows(doors, IAM_URL, [
  ...SERVED.map((path): Row => ({ name: `the path ${path} is served`, request: { tokens, path }, answer: 512 })),
  ...UNKNOWN.map(
    (path): Row => ({ name: `the path ${path} is unknown`, request: { tokens, path }, answer: '404 APIGW.0101' }),
  ),
  ...SERVED.map(
    (path): Row => ({ name: `a signature over ${path}, which was sent`, request: signed(path, path), answer: 512 }),
  ),
  {
    name: 'a signature over the base path that the gateway took off',
    request: signed(`/random${PATH}`, PATH),
    answer: 512,
  },
  { name: 'a signature over another base path', request: signed(`/other${PATH}`, PATH), answer: '401 APIGW.0301' },
  {
    name: 'a signature without the base path that was sent',
    request: signed(PATH, `/random${PATH}`),
    answer: '401 APIGW.0301',
  },
  {
    name: 'the method is looked at behind the base path',
    request: { path: `/random${PATH}`, method: 'GET' },
    answer: '405 KMS.0215',
  },
]);

/** Where each gateway of AWS leaves stage and base path (facts: events of deployed APIs). */
const GATEWAYS: readonly {
  readonly name: string;
  readonly shape: string;
  /** What the client sent and signed. */
  readonly sent: string;
  readonly delivered: (path: string) => Record<string, unknown>;
}[] = [
  {
    name: 'a REST API by its own address',
    shape: 'apigw-rest',
    sent: `/prod${PATH}`,
    delivered: (sent) => ({ path: PATH, requestContext: { stage: 'prod', path: sent } }),
  },
  {
    name: 'a REST API behind a mapping with a stage',
    shape: 'apigw-rest',
    sent: `/random${PATH}`,
    delivered: (sent) => ({ path: sent, requestContext: { stage: 'prod', path: sent } }),
  },
  {
    name: 'a REST API behind a mapping without a stage',
    shape: 'apigw-rest',
    sent: `/random/prod${PATH}`,
    delivered: (sent) => ({ path: sent, requestContext: { stage: 'prod', path: sent } }),
  },
  {
    name: 'an HTTP API of payload 1.0 on a named stage',
    shape: 'apigw-rest',
    sent: `/dev${PATH}`,
    delivered: (sent) => ({ version: '1.0', path: sent, requestContext: { stage: 'dev', path: sent } }),
  },
  {
    name: 'an HTTP API of payload 1.0 on a named stage behind a mapping',
    shape: 'apigw-rest',
    sent: `/random${PATH}`,
    delivered: (sent) => ({ version: '1.0', path: sent, requestContext: { stage: 'dev', path: sent } }),
  },
  {
    name: 'an HTTP API of payload 2.0 on a named stage',
    shape: 'apigw-http',
    sent: `/dev${PATH}`,
    delivered: (sent) => ({ rawPath: sent, requestContext: { stage: 'dev', http: { method: 'POST' } } }),
  },
  {
    name: 'an HTTP API of payload 2.0 behind a mapping, which is not in the event',
    shape: 'apigw-http',
    sent: `/random${PATH}`,
    delivered: () => ({ rawPath: `/dev${PATH}`, requestContext: { stage: 'dev', http: { method: 'POST' } } }),
  },
  {
    name: 'an HTTP API of payload 2.0 behind a mapping to $default',
    shape: 'apigw-http',
    sent: `/random${PATH}`,
    delivered: () => ({ rawPath: PATH, requestContext: { stage: '$default', http: { method: 'POST' } } }),
  },
  {
    name: 'an HTTP API behind a mapping that keeps the key',
    shape: 'apigw-http',
    sent: `/random${PATH}`,
    delivered: (sent) => ({ rawPath: sent, requestContext: { stage: '$default', http: { method: 'POST' } } }),
  },
];

for (const { name, shape: shapeName, sent: sentPath, delivered } of GATEWAYS) {
  const shape = eventShape(shapeName);
  const statusOf = async (request: WireOptions) => {
    const event = { ...shape.eventOf(wireRequest(request)), ...delivered(sentPath) };
    const { statusCode, body } = await createHttpFunction(app)(event, {});
    return [statusCode, Object.keys(fieldsOf(JSON.parse(body)))];
  };

  test(`${name}: a token draws, and so does a signature over what was sent`, async () => {
    assert.deepEqual(await statusOf({ tokens }), [200, ['random_data']]);
    assert.deepEqual(await statusOf(signed(sentPath, sentPath)), [200, ['random_data']]);
  });

  test(`${name}: a signature over another path is refused`, async () => {
    assert.deepEqual(await statusOf(signed(`/else${PATH}`, sentPath)), [401, ['error']]);
  });
}
