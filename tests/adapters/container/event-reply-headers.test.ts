import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startContainer } from '../../support/started-service.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BODY = '{"random_data_length":"8"}';
const EVENT = { specversion: '1.0', source: '/tests', type: 't', data: { random_data_length: 8 } };

interface Row {
  readonly name: string;
  readonly door: 'functiongraph-event' | 'cloudevents';
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  /** What the id of the reply is; absent: a fresh one. */
  readonly id?: string;
}

const CFF = { 'X-CFF-Request-Id': 'fg-1' };
const STRUCTURED = { 'Content-Type': 'application/cloudevents+json' };
const structured = (more: object) => JSON.stringify({ ...EVENT, ...more });

const ROWS: readonly Row[] = [
  { name: 'bits', door: 'functiongraph-event', path: '/invoke', body: BODY, headers: CFF, status: 200, id: 'fg-1' },
  { name: 'bits without an id', door: 'functiongraph-event', path: '/invoke', body: BODY, status: 200 },
  {
    name: 'a refusal',
    door: 'functiongraph-event',
    path: '/invoke',
    body: '{}',
    headers: CFF,
    status: 500,
    id: 'fg-1',
  },
  { name: 'no JSON', door: 'functiongraph-event', path: '/invoke', body: '{', headers: CFF, status: 500, id: 'fg-1' },
  { name: 'no trigger', door: 'functiongraph-event', path: '/invoke', body: '{"a":1}', status: 500 },
  { name: 'the start', door: 'functiongraph-event', path: '/init', body: '{}', status: 200 },
  { name: 'another path', door: 'functiongraph-event', path: '/', body: BODY, status: 404 },
  { name: 'another method', door: 'functiongraph-event', path: '/invoke', method: 'GET', status: 404 },
  {
    name: 'an id of two words',
    door: 'functiongraph-event',
    path: '/invoke',
    body: BODY,
    headers: { 'X-CFF-Request-Id': 'one two' },
    status: 200,
  },
  { name: 'bits', door: 'cloudevents', path: '/', body: structured({ id: 'e-1' }), status: 200, id: 'e-1' },
  {
    name: 'an id that no header carries',
    door: 'cloudevents',
    path: '/',
    body: structured({ id: 'e 1' }),
    status: 200,
  },
  {
    name: 'a refusal',
    door: 'cloudevents',
    path: '/',
    body: structured({ id: 'e-1', data: {} }),
    status: 400,
    id: 'e-1',
  },
  { name: 'no event', door: 'cloudevents', path: '/', body: '{', status: 400 },
  { name: 'another method', door: 'cloudevents', path: '/', method: 'GET', status: 405 },
];

for (const { name, door, path, method = 'POST', headers = {}, body, status, id } of ROWS) {
  test(`${door}: the reply to ${name} names its request and is neither stored nor guessed at`, async (context) => {
    const { origin } = await startContainer(context, { SERVER_DOOR: door });
    const sent = { ...(door === 'cloudevents' && STRUCTURED), ...headers };
    const response = await fetch(origin + path, { method, headers: sent, ...(body !== undefined && { body }) });
    assert.equal(response.status, status);
    assert.deepEqual(
      [response.headers.get('cache-control'), response.headers.get('x-content-type-options')],
      ['no-store', 'nosniff'],
    );
    const given = response.headers.get('x-request-id') ?? '';
    if (id === undefined) assert.match(given, UUID);
    else assert.equal(given, id);
    await response.arrayBuffer();
  });
}
