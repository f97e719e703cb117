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

/** Rows of one answer. */
export function rowsOf(
  answer: Row['answer'],
  requests: readonly (readonly [name: string, request: WireOptions])[],
): Row[] {
  return requests.map(([name, request]) => ({ name, request, answer }));
}

/** All doors share one chain. These two see every row; each of the others another fifth of them. */
const SEES_ALL = ['server', 'apigw-http'];
const OTHERS = 5;

/** The doors that see the row of this number. */
export function doorsOfRow(doors: readonly Door[], index: number): readonly Door[] {
  const others = doors.filter(({ name }) => !SEES_ALL.includes(name));
  return doors.filter((door) => !others.includes(door) || others.indexOf(door) === index % OTHERS);
}

/** One test for a row at a door: status, all headers, the whole body. */
export function testRows(doors: readonly Door[], iamUrl: string, rows: readonly Row[]): void {
  for (const [index, row] of rows.entries()) testRowsEverywhere(doorsOfRow(doors, index), iamUrl, [row]);
}

/** The same for what depends on how a door reads an event: every row at every door. */
export function testRowsEverywhere(doors: readonly Door[], iamUrl: string, rows: readonly Row[]): void {
  for (const row of rows) {
    for (const door of doors) test(`${door.name}: ${row.name}`, () => checkRow(door, iamUrl, row));
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
