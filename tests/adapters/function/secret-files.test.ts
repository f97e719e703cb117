import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvironment } from '../../../lib/adapters/function/environment.ts';
import { createFunctionEntry } from '../../../lib/adapters/function/function-entry.ts';
import { startHttpFunction } from '../../../lib/app/functions.ts';
import { STATIC } from '../../support/started-service.ts';
import { FunctionGraphContext } from './function-graph-context.ts';

for (const name of [
  'IAM_SERVICE_PASSWORD_FILE',
  'STATIC_TOKENS_FILE',
  'AKSK_CREDENTIALS_FILE',
  'HUAWEI_SECRET_KEY_FILE',
]) {
  test(`${name} is asked of getUserData, before the process`, () => {
    const context = new FunctionGraphContext({ userData: { [name]: '/mnt/secret' } });
    assert.equal(readEnvironment({}, context)[name], '/mnt/secret');
    assert.equal(readEnvironment({ [name]: '/elsewhere' }, context)[name], '/mnt/secret');
    assert.equal(readEnvironment({ [name]: '/elsewhere' }, new FunctionGraphContext({}))[name], '/elsewhere');
  });
}

test('no file is asked for that no variable may stand in', () => {
  const context = new FunctionGraphContext({ userData: { PORT_FILE: '/mnt/port', IAM_URL_FILE: '/mnt/url' } });
  assert.deepEqual(readEnvironment({}, context), {});
});

test('a function whose user data name a file of tokens starts with them', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'tokens');
  writeFileSync(path, `${STATIC.STATIC_TOKENS}\n`);
  const { initializer } = createFunctionEntry({}, startHttpFunction);
  const userData = { AUTH_METHODS: 'static', STATIC_TOKENS_FILE: path };
  const result = await new Promise((resolve) => initializer(new FunctionGraphContext({ userData }), resolve));
  assert.equal(result, null);
});
