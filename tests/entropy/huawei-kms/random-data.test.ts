import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRandomData } from '../../../lib/entropy/huawei-kms/random-data.ts';

const BYTES = Uint8Array.from([0xab, 0xcd, 0xef, 0x01]);
const answer = (random_data: unknown): Buffer => Buffer.from(JSON.stringify({ random_data }));

for (const text of ['ABCDEF01', 'abcdef01', 'AbCdEf01']) {
  test(`hexadecimal in any case is read: ${text}`, () => assert.deepEqual(readRandomData(answer(text), 4), BYTES));
}

test('members that are not known are ignored', () => {
  assert.deepEqual(readRandomData(Buffer.from('{"random_data":"ABCDEF01","a":[1]}'), 4), BYTES);
});

test('the bytes are nobody else’s, and the answer that they came in is zeroed', () => {
  const body = answer('ABCDEF01');
  assert.equal(readRandomData(body, 4)?.buffer.byteLength, 4);
  assert.ok(body.every((byte) => byte === 0));
});

const BAD: readonly (readonly [name: string, body: Buffer])[] = [
  ['too short', answer('ABCDEF')],
  ['too long', answer('ABCDEF0123')],
  ['half a byte short', answer('ABCDEF0')],
  ['empty', answer('')],
  ['no hexadecimal', answer('ABCDEFGH')],
  ['no hexadecimal at its end', answer('ABCDEF0 ')],
  ['with a prefix', answer('0xABCDEF')],
  ['a line', answer('ABCDEF01\n')],
  ['base64', answer('q83vAQ==')],
  ['a number', answer(12345678)],
  ['an array', answer(['ABCDEF01'])],
  ['null', answer(null)],
  ['absent', Buffer.from('{}')],
  ['inside an array', Buffer.from('[{"random_data":"ABCDEF01"}]')],
  ['no JSON', Buffer.from('ABCDEF01')],
  ['nothing', Buffer.alloc(0)],
];
for (const [name, body] of BAD) {
  test(`random_data that is ${name}: no bytes`, () => assert.equal(readRandomData(body, 4), undefined));
}
