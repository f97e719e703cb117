import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { appOf } from '../support/app.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { openServerDoor } from '../support/server-door.ts';
import { type HeaderLine, type WireRequest, wireRequest } from '../support/wire-request.ts';
import { KEY, sign, type ToSign, toSign } from './signed-request.ts';

// gen-random has no query; what stands there is signed all the same, and every platform writes it in its own way.

type Pairs = ToSign['query'];

const ONE_OF_EACH: Pairs = [
  ['limit', '2'],
  ['b', ''],
  ['a', "x y+z/ü&=%41!'()*~-._"],
];
const SOME_TWICE: Pairs = [...ONE_OF_EACH, ['limit', '10'], ['limit', '']];

const environment = {
  AUTH_METHODS: 'aksk',
  AKSK_CREDENTIALS: JSON.stringify([{ access_key: KEY.accessKey, secret_key: KEY.secretKey, project_id: PROJECT_ID }]),
};
const app = appOf(environment, () => undefined);
const { door, close } = await openServerDoor(app);
after(close);
const httpFunction = createHttpFunction(app);

function signedWith(query: Pairs, sent: Pairs = query): WireRequest {
  const request = toSign(Date.now(), { query });
  const credential: HeaderLine = ['Authorization', sign(request)];
  const { method, path, headers, body } = request;
  return wireRequest({
    method,
    path,
    query: written(sent),
    contentType: undefined,
    headers: [...headers, credential],
    body,
  });
}

for (const shape of EVENT_SHAPES) {
  const statusOf = async (request: WireRequest) => (await httpFunction(shape.eventOf(request), {})).statusCode;

  // Where a platform hands over one value of each name the others are lost, and the signature with them.
  for (const pairs of shape.name === 'alb' ? [ONE_OF_EACH] : [ONE_OF_EACH, SOME_TWICE]) {
    test(`${shape.name}: a query of ${pairs.length} pairs is signed`, async () => {
      assert.equal(await statusOf(signedWith(pairs)), 200);
    });

    test(`${shape.name}: a query of ${pairs.length} pairs with one more is another`, async () => {
      assert.equal(await statusOf(signedWith(pairs, [...pairs, ['x', '']])), 401);
    });
  }
}

for (const pairs of [ONE_OF_EACH, SOME_TWICE]) {
  test(`server: a query of ${pairs.length} pairs is signed, and with one more is another`, async () => {
    assert.equal((await door.send(signedWith(pairs))).answer.status, 200);
    assert.equal((await door.send(signedWith(pairs, [...pairs, ['x', '']]))).answer.status, 401);
  });
}

test('server: a plus sign is itself, a name without a value has an empty one, an empty pair is none', async () => {
  const request = signedWith([
    ['a', 'b+c'],
    ['d', ''],
  ]);
  assert.equal((await door.send({ ...request, query: '&a=b+c&&d&' })).answer.status, 200);
});

for (const [query, pairs] of [
  [
    'a=b=c==&=d',
    [
      ['a', 'b=c=='],
      ['', 'd'],
    ],
  ],
  [
    'a=100%&b=%zz%41&%=%ff',
    [
      ['a', '100%'],
      ['b', '%zzA'],
      ['%', '%ff'],
    ],
  ],
] satisfies [string, Pairs][]) {
  test(`server: the query ${query} is signed by what it says`, async () => {
    assert.equal((await door.send({ ...signedWith(pairs), query })).answer.status, 200);
    assert.equal((await door.send({ ...signedWith(pairs), query: `${query}%` })).answer.status, 401);
  });
}

function written(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
