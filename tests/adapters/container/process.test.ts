import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHandler, runServer } from '../../support/child-process.ts';
import { PATH, UUID } from '../../support/contract.ts';
import { freePort } from '../../support/free-port.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { ANSWER } from '../../support/test-server.ts';

test('the container is ready and says where it listens, in one line', async (context) => {
  const { port, output } = await runServer(context, STATIC);
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  assert.deepEqual([response.status, await response.text()], [200, '{"status":"ok"}']);
  const line = JSON.parse(output.stdout);
  assert.deepEqual([line.level, line.message, line.host, line.port], ['info', 'listening', '127.0.0.1', port]);
  assert.equal(output.stderr, '');
});

test('a taken port is one line on standard error and exit code 1, and a metrics port does not keep it alive', async (context) => {
  const { port } = await runServer(context, STATIC);
  const settings = { ...STATIC, HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: String(await freePort()) };
  const { ended, output } = runHandler(context, 'server.ts', settings);
  assert.equal(await ended, 1);
  assert.deepEqual(output, {
    stdout: '',
    stderr: `gen-random: port ${port} on 127.0.0.1 is taken; set PORT to a free one\n`,
  });
});

test('a host that is not this machine is one line on standard error and exit code 1', async (context) => {
  const { ended, output } = runHandler(context, 'server.ts', { ...STATIC, HOST: '192.0.2.1', PORT: '18000' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: cannot listen on 192\.0\.2\.1, port 18000 \(E[A-Z]+\)\n$/);
});

test('a wrong configuration names every problem on a line of its own, and no value, and exit code 1', async (context) => {
  const wrong = {
    IAM_URL: 'ftp://secret.test/v3',
    IAM_TIMEOUT_MS: 'secret',
    TOKEN_CACHE_TTL_SECONDS: '301',
    ENTROPY_SOURCES: 'secret',
    LOG_LEVEL: 'secret',
    PORT: '65536',
  };
  const { ended, output } = runHandler(context, 'server.ts', wrong);
  assert.equal(await ended, 1);
  const lines = Object.keys(wrong).length;
  assert.match(output.stderr, new RegExp(`^gen-random: configuration:\\n(?: {2}[A-Z_]+ [^\\n]+\\n){${lines}}$`));
  for (const name of Object.keys(wrong)) assert.match(output.stderr, new RegExp(`\\b${name}\\b`));
  assert.doesNotMatch(output.stderr, /secret|301|65536/);
  assert.equal(output.stdout, '');
});

test("an HTTP function is configured by RUNTIME_USERDATA, and its requests have the platform's id", async (context) => {
  const userData = JSON.stringify({ HOST: '127.0.0.1', PORT: '0', ...STATIC });
  const { port } = await runServer(context, { RUNTIME_FUNC_NAME: 'gen-random', RUNTIME_USERDATA: userData });
  for (const [given, expected] of [
    ['66a6f6a4f3b14ef69e8bbfd5d3bd1e9c', /^66a6f6a4f3b14ef69e8bbfd5d3bd1e9c$/],
    ['größe', UUID],
  ] as const) {
    const response = await fetch(`http://127.0.0.1:${port}${PATH}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Auth-Token': STATIC_TOKEN,
        'X-CFF-Request-Id': Buffer.from(given).toString('latin1'),
      },
      body: '{"random_data_length":"8"}',
    });
    assert.deepEqual([response.status, (await response.text()).length], [200, ANSWER.length]);
    assert.match(response.headers.get('x-request-id') ?? '', expected);
  }
});
