import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRandom, type Refusal, refusalAnswer } from './contract.ts';
import type { Door } from './doors.ts';
import { type WireOptions, wireRequest } from './wire-request.ts';

/** One request of the contract and what it is answered. */
export interface Row {
  readonly name: string;
  readonly request: WireOptions;
  /** A row of the error table, or how many bits a success has. */
  readonly answer: Refusal | number;
}

/** One test for every row at every door: status, all headers, the whole body. */
export function testRows(doors: readonly Door[], iamUrl: string, rows: readonly Row[]): void {
  for (const door of doors) {
    for (const row of rows) test(`${door.name}: ${row.name}`, () => checkRow(door, iamUrl, row));
  }
}

export async function checkRow(door: Door, iamUrl: string, row: Row): Promise<void> {
  const request = wireRequest(row.request);
  const { answer, requestId } = await door.send(request);
  if (typeof row.answer === 'number') return assertRandom(answer, row.answer, requestId);
  const expected = refusalAnswer(row.answer, requestId, iamUrl);
  // HTTP itself leaves the body of this one out; an event's reply has it.
  const hasNoBody = door.name === 'server' && request.method === 'HEAD';
  assert.deepEqual(answer, hasNoBody ? { ...expected, body: '' } : expected);
}

/** A value as part of the name of a test. */
export function shown(value: unknown): string {
  return short(JSON.stringify(value) ?? 'that is missing');
}

export function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 20)}… (${text.length} characters)` : text;
}
