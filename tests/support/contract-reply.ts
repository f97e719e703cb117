import assert from 'node:assert/strict';
import type { RawReply } from './raw-connection.ts';
import type { AuditLine } from './test-server.ts';

/** An error as the contract writes it. */
export interface ExpectedError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const FORMAT_INVALID = { status: 400, code: 'KMS.0214', message: 'The request format is invalid.' };
export const BODY_TOO_LONG = { status: 400, code: 'KMS.0203', message: 'Request message too long.' };
export const HEADERS_TOO_LARGE = { status: 431, code: 'KMS.0203', message: 'Request message too long.' };
export const TOO_SLOW = { status: 408, code: 'KMS.0214', message: 'The request format is invalid.' };
export const TOKEN_UNKNOWN = { status: 403, code: 'KMS.0302', message: 'Invalid X-Auth-Token.' };
export const METHOD_UNSUPPORTED = { status: 405, code: 'KMS.0215', message: 'Request method not supported.' };

/** Status, the whole body and the headers that every reply has. */
export function assertErrorReply(reply: RawReply, expected: ExpectedError): void {
  const body = JSON.stringify({ error: { error_code: expected.code, error_msg: expected.message } });
  assert.deepEqual([reply.status, reply.body], [expected.status, body]);
  assertReplyHeaders(reply);
  assert.equal(reply.headers['content-length'], String(body.length));
}

export function assertReplyHeaders({ headers }: RawReply): void {
  assert.equal(headers['content-type'], 'application/json;charset=utf-8');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['x-request-id'] ?? '', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(headers['x-openstack-request-id'], `req-${headers['x-request-id']}`);
}

/** A refusal has one audit line, with the id that its client saw. */
export function assertOneLine(lines: readonly AuditLine[], reply: RawReply, expected: ExpectedError): void {
  const seen = lines.map((line) => [line.event_name, line.status, line.code, line.request_id]);
  assert.deepEqual(seen, [['genRandom', expected.status, expected.code, reply.headers['x-request-id']]]);
}
