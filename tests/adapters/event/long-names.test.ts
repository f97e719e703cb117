import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent } from '../../../lib/adapters/event/read-event.ts';
import { readHttpEvent } from '../../../lib/adapters/http-event/read-http-event.ts';

const LONG = { ['a'.repeat(1_000_000)]: 1, short: 2 };
const READERS: readonly [name: string, read: () => unknown][] = [
  ['event', () => readEvent(LONG)],
  ['HTTP event', () => readHttpEvent(LONG, {}, { freshRequestId: () => 'r-1' })],
];
for (const [name, read] of READERS) {
  test(`an unknown ${name} with a name of a million characters is refused in a short sentence`, () => {
    assert.throws(read, ({ message }: Error) => message.length < 200 && message.endsWith('aa, short'));
  });
}
