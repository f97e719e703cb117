import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reason } from '../../lib/reasons.ts';
import { runHandler } from '../support/child-process.ts';
import { PATH, type Refusal } from '../support/contract.ts';
import { flawsOf } from '../support/contract-flaws.ts';
import { freePort } from '../support/free-port.ts';
import { STATIC } from '../support/started-service.ts';
import { drawsOf } from './clouds.ts';
import { type Fault, NEXT_REQUEST } from './fault.ts';
import { ofTheOperator } from './world.ts';

const PRELOAD = new URL('broken-generators.ts', import.meta.url);
const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;

interface Row {
  readonly source: 'node-crypto' | 'os';
  readonly answer: Refusal;
  readonly reason: Reason;
  readonly series: string;
  readonly value: number;
  readonly healsMs: number;
}

/** A container process whose generators break and mend on a signal. */
async function startProcess(context: TestContext, source: string) {
  const metricsPort = await freePort();
  const { child, written } = runHandler(context, 'server.ts', {
    NODE_OPTIONS: `--import ${PRELOAD}`,
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: String(metricsPort),
    ENTROPY_SOURCES: source,
    AUTH_METHODS,
    STATIC_TOKENS,
  });
  const [, port] = await written(/"message":"listening".*"port":([0-9]+)/);
  const headers = { 'Content-Type': 'application/json', ...ofTheOperator() };
  return {
    child,
    written,
    async ask() {
      const body = '{"random_data_length":"512"}';
      const response = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
  };
}

async function check(context: TestContext, { source, answer, reason, series, value, healsMs }: Row): Promise<void> {
  const { child, written, ask, metrics } = await startProcess(context, source);
  assert.deepEqual(flawsOf(await ask(), 512), []);
  child.kill('SIGUSR2');
  let refused = await ask();
  while (refused.status === 200) refused = await ask();
  assert.deepEqual(flawsOf(refused, answer), []);
  await written(new RegExp(`"request_id":"${refused.headers['x-request-id']}".*"reason":"${reason}"`));
  assert.ok((await metrics()).includes(`\n${series} ${value}\n`));
  child.kill('SIGUSR2');
  const sinceMs = performance.now();
  while ((await ask()).status !== 200) {
    assert.ok(performance.now() - sinceMs < healsMs, `no bytes after ${healsMs} ms`);
    await pause(50);
  }
}

const ENDING: Row = {
  source: 'os',
  answer: '502 APIGW.0201',
  reason: 'source-failed',
  series: drawsOf('os', 'bad-answer'),
  value: 1,
  healsMs: 2_000,
};
const ZERO: Row = {
  source: 'node-crypto',
  answer: '500 KMS.0101',
  reason: 'source-unhealthy',
  series: 'gen_random_entropy_source_open{source="node-crypto"}',
  value: 0,
  healsMs: 12_000,
};

export const LOCAL_SOURCE_FAULTS: readonly Fault[] = [
  {
    name: "the kernel's device ends early",
    client: `${ENDING.answer}; under \`degrade\` 200 with \`X-Entropy-Degraded\``,
    reason: ENDING.reason,
    metric: ENDING.series,
    alert: 'GenRandomSourceFailing',
    heals: NEXT_REQUEST,
    run: (context) => check(context, ENDING),
  },
  {
    name: 'OpenSSL gives zeros',
    client: `${ZERO.answer}; under \`degrade\` 200 with \`X-Entropy-Degraded\``,
    reason: ZERO.reason,
    metric: ZERO.series,
    alert: 'GenRandomSourceClosed',
    heals: 'by a passed re-test, 10 seconds later at the earliest; not ready until then',
    isSlow: true,
    run: (context) => check(context, ZERO),
  },
];
