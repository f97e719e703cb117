import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSdkDate, parseSdkDate } from '../../lib/huawei-signing/sdk-date.ts';

const DATES = [
  { text: '20191115T033655Z', iso: '2019-11-15T03:36:55Z' },
  { text: '19700101T000000Z', iso: '1970-01-01T00:00:00Z' },
  { text: '20240229T235959Z', iso: '2024-02-29T23:59:59Z' },
  { text: '99991231T235959Z', iso: '9999-12-31T23:59:59Z' },
];
for (const { text, iso } of DATES) {
  test(`${text} is ${iso}, and written so`, () => {
    assert.equal(parseSdkDate(text), Date.parse(iso));
    assert.equal(formatSdkDate(Date.parse(iso)), text);
  });
}

test('a date is written without its milliseconds', () => {
  assert.equal(formatSdkDate(Date.parse('2025-08-06T10:15:30.999Z')), '20250806T101530Z');
});

const NO_DATES = [
  '',
  'today',
  '20250806',
  '20250806T101530',
  '20250806T101530z',
  '20250806t101530Z',
  '20250806T1015Z',
  '20250806T101530.000Z',
  '20250806T101530+0000',
  '2025-08-06T10:15:30Z',
  'Wed, 06 Aug 2025 10:15:30 GMT',
  '1754475330',
  ' 20250806T101530Z',
  '20250806T101530Z ',
  '20250806T101530Z\n',
  '020250806T101530Z',
  '20251306T101530Z',
  '20250230T101530Z',
  '20230229T101530Z',
  '20250806T240000Z',
  '20250006T101530Z',
  '20250832T101530Z',
  '20250806T251530Z',
  '20250806T106030Z',
  '20250806T101560Z',
  '２０２５０８０６T101530Z',
];
for (const text of NO_DATES) {
  test(`${JSON.stringify(text)} is no date`, () => assert.ok(Number.isNaN(parseSdkDate(text))));
}
