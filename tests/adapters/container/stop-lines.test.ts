import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';
import { goodRequest, TOKEN } from '../../support/test-server.ts';

test('a stop says what was at work, and that nothing was cut', async (context) => {
  const { service, lines } = await startContainer(context, { ...STATIC, SHUTDOWN_GRACE_SECONDS: '10' });
  const connection = openConnection(service.port);
  connection.send(goodRequest().replace(TOKEN, STATIC_TOKEN));
  await connection.reply();
  connection.socket.end();
  await service.stop('SIGTERM');
  const [stopping, stopped] = lines.filter(({ message }) => message !== undefined);
  assert.equal(stopping?.message, 'stopping');
  assert.equal(stopping?.signal, 'SIGTERM');
  assert.equal(stopping?.in_flight, 0);
  assert.equal(stopped?.message, 'stopped');
  assert.equal(stopped?.level, 'info');
  assert.equal(stopped?.requests_cut, 0);
  assert.equal(stopped?.connections_cut, 0);
});

test('a stop whose time is over says how much was cut', async (context) => {
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const iam = await serveOnLoopback(createServer(() => ask()));
  context.after(iam.close);
  const { service, lines } = await startContainer(context, { IAM_URL: `${iam.origin}/v3` });
  const connection = openConnection(service.port);
  connection.send(goodRequest());
  await asked;
  await service.stop('SIGTERM');
  const [stopping, stopped] = lines.filter(({ message }) => message !== undefined);
  assert.equal(stopping?.in_flight, 1);
  assert.equal(stopping?.connections, 1);
  assert.equal(stopped?.level, 'error');
  assert.equal(stopped?.requests_cut, 1);
  assert.equal(stopped?.connections_cut, 1);
});
