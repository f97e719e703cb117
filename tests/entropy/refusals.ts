import assert from 'node:assert/strict';
import { type ErrorKey, ServiceError } from '../../lib/errors.ts';

/** Checks that a call fails with this row of the catalogue and, where given, with this reason and detail. */
export async function assertRefused(call: () => unknown, key: ErrorKey, reason?: RegExp): Promise<ServiceError> {
  const error = await failureOf(call);
  assert.equal(error.key, key, error.reason);
  if (reason !== undefined) assert.match(`${error.reason} ${error.detail ?? ''}`.trim(), reason);
  return error;
}

async function failureOf(call: () => unknown): Promise<ServiceError> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    return error;
  }
  assert.fail('nothing was refused');
}
