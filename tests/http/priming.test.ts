import assert from 'node:assert/strict';
import { test } from 'node:test';
import { primeHttp } from '../../lib/app/priming.ts';

test('priming goes all the way to a reply, and the bytes in it are none', async () => {
  const { statusCode, body } = await primeHttp();
  assert.deepEqual([statusCode, body], [200, '{"random_data":"00"}']);
});
