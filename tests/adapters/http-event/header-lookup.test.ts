import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerLookup } from '../../../lib/adapters/http-event/header-lookup.ts';

const EVENTS: readonly { name: string; event: Parameters<typeof headerLookup>[0]; values: readonly string[] }[] = [
  { name: 'no map', event: {}, values: [] },
  { name: 'maps that are null', event: { headers: null, multiValueHeaders: null }, values: [] },
  { name: 'maps that are none', event: { headers: 'x-a', multiValueHeaders: 1 }, values: [] },
  { name: 'one value', event: { headers: { 'x-a': '1', 'x-b': '2' } }, values: ['1'] },
  { name: 'a name in other letters', event: { headers: { 'X-A': '1' } }, values: ['1'] },
  { name: 'a name twice', event: { headers: { 'X-A': '1', 'x-a': '2' } }, values: ['1', '2'] },
  { name: 'an array', event: { headers: { 'x-a': ['1', '2'] } }, values: ['1', '2'] },
  { name: 'values that are no text', event: { headers: { 'x-a': ['1', 2, null], 'X-a': 3 } }, values: ['1'] },
  { name: 'multi-value headers', event: { multiValueHeaders: { 'X-A': ['1', '2'] } }, values: ['1', '2'] },
  {
    name: 'the last value in one map and all in the other',
    event: { headers: { 'X-A': '2' }, multiValueHeaders: { 'X-A': ['1', '2'] } },
    values: ['1', '2'],
  },
  {
    name: 'maps that disagree',
    event: { headers: { 'X-A': '3' }, multiValueHeaders: { 'X-A': ['1', '2'] } },
    values: ['1', '2', '3'],
  },
  { name: 'a name of every object', event: { headers: { constructor: '1' } }, values: [] },
];
for (const { name, event, values } of EVENTS) {
  test(`${name}: ${values.length} values, at the first look-up and at the hundredth`, () => {
    const lookUp = headerLookup(event);
    for (let time = 0; time < 100; time += 1) assert.deepEqual(lookUp('x-a'), values);
    assert.deepEqual(lookUp('x-c'), []);
  });
}

test('a map is gone through once, however many names are looked up', () => {
  let times = 0;
  const headers = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x-${index}`, `${index}`]));
  const counted = new Proxy(headers, {
    ownKeys(target) {
      times += 1;
      return Reflect.ownKeys(target);
    },
  });
  const lookUp = headerLookup({ headers: counted });
  for (let index = 0; index < 64; index += 1) assert.deepEqual(lookUp(`x-${index}`), [`${index}`]);
  assert.equal(times, 1);
});
