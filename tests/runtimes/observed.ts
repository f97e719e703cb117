import assert from 'node:assert/strict';
import { type InferOutput, number, object, parse, record, string, unknown } from 'valibot';
import type { Child } from './child.ts';

const Reply = object({ statusCode: number(), headers: record(string(), string()), body: string() });
const AuditLine = record(string(), unknown());

/** Checks that a function answered 200 with 512 random bits. */
export function assertRandom512(value: unknown): void {
  const reply = parseReply(value);
  assert.equal(reply.statusCode, 200, reply.body);
  assert.match(reply.body, /^\{"random_data":"[0-9A-F]{128}"\}$/);
}

export function parseReply(value: unknown): InferOutput<typeof Reply> {
  return parse(Reply, value);
}

/** The next audit line: the whole line is one JSON object. */
export async function nextAuditLine(child: Child): Promise<InferOutput<typeof AuditLine>> {
  return parse(AuditLine, JSON.parse(await child.lineWith('"genRandom"')));
}
