import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import type { PlatformReply } from '../../../lib/adapters/http-event/platform-reply.ts';
import { EVENT_SHAPES } from '../../support/event-shapes.ts';
import { type Fields, fieldsOf } from '../../support/samples.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../../support/scripted-app.ts';
import { wireRequest } from '../../support/wire-request.ts';

const { app } = createScriptedApp();
const httpFunction = createHttpFunction(app);

/** What a gateway, or a console that plays one, may put in the place of a map. */
const NO_MAPS: readonly unknown[] = [undefined, null, {}, '', 'text', 7, true, [], [['x-auth-token', SCRIPTED_TOKEN]]];

/** What a client may be told apart by: the status and the code of a refusal. */
function outcomeOf({ statusCode, body }: PlatformReply): string {
  const { error } = JSON.parse(body) as { error?: Fields };
  return error === undefined ? `${statusCode}` : `${statusCode} ${error.error_code}`;
}

for (const shape of EVENT_SHAPES) {
  const event = shape.eventOf(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
  const mapName = shape.name === 'alb-multi' ? 'multiValueHeaders' : 'headers';
  const otherName = mapName === 'headers' ? 'multiValueHeaders' : 'headers';
  const answer = async (members: Fields) => outcomeOf(await httpFunction({ ...event, ...members }, {}));

  test(`${shape.name}: a missing or odd map of headers is an empty one`, async () => {
    for (const map of NO_MAPS) {
      for (const other of NO_MAPS) {
        assert.equal(await answer({ [mapName]: map, [otherName]: other }), '401 KMS.0301', String(map));
      }
    }
  });

  test(`${shape.name}: beside the map of headers an odd one does no harm`, async () => {
    for (const other of NO_MAPS) assert.equal(await answer({ [otherName]: other }), '200', String(other));
  });

  test(`${shape.name}: a header whose value is no text is not there, and the others are`, async () => {
    for (const odd of [null, 7, true, {}, { x: SCRIPTED_TOKEN }, [], [null], [7, [SCRIPTED_TOKEN]]]) {
      const headers = { ...fieldsOf(event[mapName]), 'x-odd': odd, accept: odd };
      assert.equal(await answer({ [mapName]: headers }), '200', JSON.stringify(odd));
      const names = Object.keys(headers).filter((name) => name.toLowerCase() === 'x-auth-token');
      const tokens = Object.fromEntries(names.map((name) => [name, odd]));
      const { multiValueHeaders: _, ...single } = event;
      const carrier = shape.name === 'alb-multi' ? event : single;
      const reply = await httpFunction({ ...carrier, [mapName]: { ...headers, ...tokens } }, {});
      assert.equal(outcomeOf(reply), '401 KMS.0301', JSON.stringify(odd));
    }
  });

  test(`${shape.name}: a list of texts and others is its texts`, async () => {
    const name = Object.keys(fieldsOf(event[mapName])).find((key) => key.toLowerCase() === 'x-auth-token') ?? '';
    const headers = { ...fieldsOf(event[mapName]), [name]: [null, SCRIPTED_TOKEN, 7] };
    assert.equal(await answer({ [mapName]: headers }), '200');
  });

  test(`${shape.name}: a body that is no text is an empty one`, async () => {
    for (const body of [null, undefined, {}, { random_data_length: 8 }, [], 7, true]) {
      for (const isBase64Encoded of [false, true, null, undefined, 'true']) {
        assert.equal(await answer({ body, isBase64Encoded }), '400 KMS.0204', JSON.stringify(body));
      }
    }
  });

  test(`${shape.name}: an odd map of the query does no harm`, async () => {
    const names = ['rawQueryString', 'queryStringParameters', 'multiValueQueryStringParameters'];
    const spoilt = [{ a: null, b: 7, c: [null, 'x', {}], d: { toString: 1 } }, { a: { toString: null } }];
    for (const name of names) {
      for (const map of [...NO_MAPS, ...spoilt]) assert.equal(await answer({ [name]: map }), '200', name);
    }
  });
}
