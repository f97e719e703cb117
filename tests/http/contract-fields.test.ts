import assert from 'node:assert/strict';
import { test } from 'node:test';
import { short, testRows } from '../support/contract-rows.ts';
import { GOOD_LENGTHS, MALFORMED_LENGTHS, OUT_OF_RANGE_LENGTHS, UNEVEN_LENGTHS } from '../support/lengths.ts';
import { startService } from '../support/running-service.ts';
import { BAD_SEQUENCES, GOOD_SEQUENCES } from '../support/sequences.ts';
import { wireRequest } from '../support/wire-request.ts';

const { doors, iam, lines } = await startService();
const tokens = [iam.tokens.TOKEN];
const ofLength = (json: string) => ({ tokens, body: `{"random_data_length":${json}}` });

testRows(doors, iam.url, [
  ...GOOD_LENGTHS.flatMap((bits) => [
    { name: `${bits} bits as a string`, request: ofLength(`"${bits}"`), answer: bits },
    { name: `${bits} bits as an integer`, request: ofLength(`${bits}`), answer: bits },
  ]),
  ...MALFORMED_LENGTHS.map((json) => ({
    name: `the length ${short(json)} is no plain integer`,
    request: ofLength(json),
    answer: '400 KMS.0308' as const,
  })),
  ...OUT_OF_RANGE_LENGTHS.map((json) => ({
    name: `the length ${short(json)} is out of range`,
    request: ofLength(json),
    answer: '400 KMS.1801' as const,
  })),
  ...UNEVEN_LENGTHS.map((json) => ({
    name: `the length ${short(json)} is no multiple of 8`,
    request: ofLength(json),
    answer: '400 KMS.1802' as const,
  })),
  ...['{}', '{"random_data_length":null}', '{"Random_Data_Length":"512"}', '{"length":"512"}'].map((body) => ({
    name: `the body ${body} has no length`,
    request: { tokens, body },
    answer: '400 KMS.0204' as const,
  })),
  ...GOOD_SEQUENCES.map(([name, sequence]) => ({
    name: `the sequence may be ${name}`,
    request: { tokens, body: { random_data_length: '8', sequence } },
    answer: 8,
  })),
  ...BAD_SEQUENCES.map(([name, sequence]) => ({
    name: `the sequence may not be ${name}`,
    request: { tokens, body: { random_data_length: '8', sequence } },
    answer: '400 KMS.0206' as const,
  })),
]);

for (const door of doors) {
  test(`${door.name}: the sequence is in the audit line of its request, and only there`, async () => {
    const sequence = `audit-of-${door.name}`.padEnd(36, '.');
    const body = { random_data_length: '8', sequence };
    const { answer, requestId } = await door.send(wireRequest({ tokens, body }));
    const holding = lines.filter((line) => line.includes(sequence)).map((line) => JSON.parse(line));
    assert.deepEqual(
      holding.map((line) => [line.request_id, line.sequence]),
      [[requestId, sequence]],
    );
    assert(!JSON.stringify(answer).includes(sequence));
  });

  test(`${door.name}: two requests get different bytes`, async () => {
    const send = () => door.send(wireRequest({ tokens }));
    const bodies = (await Promise.all([send(), send(), send()])).map(({ answer }) => answer.body);
    assert.equal(new Set(bodies).size, 3);
  });
}
