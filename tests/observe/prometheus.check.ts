import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runHandler } from '../support/child-process.ts';
import { PATH, PROJECT_ID } from '../support/contract.ts';
import { freePort } from '../support/free-port.ts';
import { ALERTS } from './alerts.ts';
import { type Backends, startBackends } from './backends.ts';
import { dashboard, panels } from './dashboard.ts';
import { type Prometheus, scaled, startPrometheus, until } from './prometheus.ts';

/** Of each process that starts below, so that a few hundred connections are more than it takes. */
const DESCRIPTORS = 512;

/** The container under a real Prometheus, with an IAM and a KMS that can be told to fail. */
async function start(context: TestContext) {
  limitDescriptors(process.pid, String(DESCRIPTORS));
  const backends = await startBackends(context);
  const metricsPort = await freePort();
  const running = runHandler(context, 'server.ts', {
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: String(metricsPort),
    IAM_URL: `${backends.origin}/v3`,
    ENTROPY_SOURCES: 'node-crypto,huawei-kms',
    ENTROPY_ON_FAILURE: 'degrade',
    HUAWEI_KMS_URL: backends.origin,
    HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
    HUAWEI_ACCESS_KEY: 'AK',
    HUAWEI_SECRET_KEY: 'a-secret-of-the-tests',
    RATE_LIMIT_PER_SECOND: '100',
  });
  const [, port] = await running.written(/"message":"listening".*"port":([0-9]+)/);
  const prometheus = await startPrometheus(context, `127.0.0.1:${metricsPort}`);
  return { backends, prometheus, port: Number(port), pid: running.child.pid ?? assert.fail(), metricsPort };
}

const freshToken = (): string => randomUUID();

async function draw(port: number, token: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': token };
  const body = '{"random_data_length":"512"}';
  const response = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body });
  await response.arrayBuffer();
}

/** Draws until the work is over; each of `kinds` makes one request after the other, some fifty a second. */
async function whileDrawing(port: number, kinds: readonly (() => string)[], work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const loops = kinds.map(async (token) => {
    for (; !isOver; await sleep(20)) await draw(port, token());
  });
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all(loops);
  }
}

const known = (): string => 'a-known-token';

async function fires(prometheus: Prometheus, ...alerts: readonly string[]): Promise<void> {
  await until(`${alerts.join(', ')} fire`, async () => {
    const firing = await prometheus.firing();
    return alerts.every((alert) => firing.has(alert));
  });
}

async function clears(prometheus: Prometheus): Promise<void> {
  await until('all alerts clear', async () => (await prometheus.firing()).size === 0);
}

interface Incident {
  readonly alerts: readonly string[];
  readonly begin: (backends: Backends) => void;
  readonly callers: readonly (() => string)[];
}

const crowd = (token: () => string, count: number) => Array.from({ length: count }, () => token);

const INCIDENTS: Readonly<Record<string, Incident>> = {
  'IAM is down': {
    alerts: ['GenRandomErrors', 'GenRandomIamFailing'],
    begin: (backends) => Object.assign(backends, { iam: 'down' }),
    callers: [freshToken],
  },
  'IAM is slow': {
    alerts: ['GenRandomSlow', 'GenRandomIamSlow'],
    begin: (backends) => Object.assign(backends, { iam: 'slow' }),
    callers: crowd(freshToken, 4),
  },
  'a stranger tries bad tokens': {
    alerts: ['GenRandomAllTokensRefused', 'GenRandomManyTokensRefused'],
    begin: (backends) => Object.assign(backends, { iam: 'refuses' }),
    callers: [freshToken],
  },
  'KMS throttles': {
    alerts: ['GenRandomSourceFailing', 'GenRandomDegraded'],
    begin: (backends) => Object.assign(backends, { kms: 'throttles' }),
    callers: [known],
  },
  'one caller asks too often': {
    alerts: ['GenRandomThrottling'],
    begin: () => undefined,
    callers: crowd(known, 8),
  },
  'KMS gives one byte for ever': {
    alerts: ['GenRandomSourceClosed', 'GenRandomDegraded'],
    begin: (backends) => Object.assign(backends, { kms: 'stuck' }),
    callers: [known],
  },
};

test('every alert fires in its incident and clears behind it', { timeout: 600_000 }, async (context) => {
  const { backends, prometheus, port, pid } = await start(context);
  const seen = new Set<string>();
  const incident = async (name: string, alerts: readonly string[], during: () => Promise<void>) => {
    const startedAtMs = performance.now();
    await during();
    const firedAfterMs = performance.now() - startedAtMs;
    for (const alert of alerts) seen.add(alert);
    Object.assign(backends, { iam: 'good', kms: 'good' });
    await whileDrawing(port, [known], () => clears(prometheus));
    const clearedAfterMs = performance.now() - startedAtMs - firedAfterMs;
    context.diagnostic(
      `${name}: ${alerts.join(', ')} after ${seconds(firedAfterMs)}, clear after ${seconds(clearedAfterMs)}`,
    );
  };

  await whileDrawing(port, [known], async () => {
    await until(
      'there are rates',
      async () => (await prometheus.query('rate(gen_random_requests_total[5s])')).size > 0,
    );
  });
  assert.deepEqual([...(await prometheus.firing())], [], 'silent while all is well');

  for (const [name, { alerts, begin, callers }] of Object.entries(INCIDENTS)) {
    await incident(name, alerts, () => {
      begin(backends);
      return whileDrawing(port, callers, () => fires(prometheus, ...alerts));
    });
  }
  await incident('the process has too little CPU', ['GenRandomEventLoopSlow'], async () => {
    const stopping = setInterval(() => {
      process.kill(pid, 'SIGSTOP');
      setTimeout(() => process.kill(pid, 'SIGCONT'), 280);
    }, 600);
    await fires(prometheus, 'GenRandomEventLoopSlow').finally(() => clearInterval(stopping));
  });
  await incident('file descriptors run out', ['GenRandomFileDescriptors'], async () => {
    limitDescriptors(pid, '120:');
    await withSilentStrangers(port, 80, () => fires(prometheus, 'GenRandomFileDescriptors'));
    limitDescriptors(pid, `${DESCRIPTORS}:`);
  });
  await incident('silent strangers connect', ['GenRandomConnectionsDropped'], () =>
    withSilentStrangers(port, 300, () => fires(prometheus, 'GenRandomConnectionsDropped')),
  );
  await incident('the process hangs', ['GenRandomDown'], async () => {
    process.kill(pid, 'SIGSTOP');
    await fires(prometheus, 'GenRandomDown').finally(() => process.kill(pid, 'SIGCONT'));
  });
  assert.deepEqual([...seen].sort(), ALERTS.map(({ alert }) => alert).sort());
});

test('every query of the dashboard has data', { timeout: 120_000 }, async (context) => {
  const { backends, prometheus, port } = await start(context);
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  backends.kms = 'throttles';
  await whileDrawing(port, [known, freshToken], async () => {
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const query = scaled(expr.replaceAll('$job', 'gen-random').replaceAll('$instance', '.+'));
        await until(`${title}: ${query} has data`, async () => {
          const values = [...(await prometheus.query(query)).values()];
          return values.some((value) => !Number.isNaN(value));
        });
      }
    }
  });
});

test('promtool finds nothing wrong with the exposition', async (context) => {
  const { metricsPort } = await start(context);
  const input = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

async function withSilentStrangers(port: number, count: number, work: () => Promise<void>): Promise<void> {
  const sockets: Socket[] = Array.from({ length: count }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await work().finally(() => {
    for (const socket of sockets) socket.destroy();
  });
}

/** `count` is the soft limit alone where it ends in a colon, else the hard one too. */
function limitDescriptors(pid: number, count: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${count}`], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
