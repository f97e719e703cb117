import assert from 'node:assert/strict';
import { type Refusal, refusalAnswer, UUID } from './contract.ts';
import type { RawReply } from './raw-connection.ts';
import type { Fields } from './samples.ts';
import { SCRIPTED_IAM_URL } from './scripted-app.ts';

/** Checks what came off the wire: status, the whole body and every header of this row of the contract. */
export function assertRefused(reply: RawReply, refusal: Refusal, iamUrl = SCRIPTED_IAM_URL): void {
  const { status, headers, body } = refusalAnswer(refusal, requestIdOf(reply), iamUrl);
  assert.deepEqual([reply.status, reply.body], [status, body]);
  for (const [name, value] of Object.entries(headers)) assert.equal(reply.headers[name.toLowerCase()], value, name);
  assert.equal(reply.headers['content-length'], String(body.length));
}

/** Checks that a refusal has one audit line, with the id that its client saw. */
export function assertOneLine(lines: readonly Fields[], reply: RawReply, refusal: Refusal): void {
  const seen = lines.map((line) => [line.event_name, `${line.status} ${line.code}`, line.request_id]);
  assert.deepEqual(seen, [['genRandom', refusal, requestIdOf(reply)]]);
}

export function requestIdOf({ headers }: RawReply): string {
  const id = headers['x-request-id'] ?? '';
  assert.match(id, UUID);
  return id;
}
