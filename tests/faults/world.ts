import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceParts } from '../../lib/adapters/container/service.ts';
import type { Environment } from '../../lib/config/config.ts';
import type { Reason } from '../../lib/reasons.ts';
import type { Outcome } from '../../lib/telemetry/observer.ts';
import { PATH, type Refusal } from '../support/contract.ts';
import { type ClientAnswer, flawsOf } from '../support/contract-flaws.ts';
import { freePort } from '../support/free-port.ts';
import type { Fields } from '../support/samples.ts';
import { STATIC_TOKEN, type StartedService, startContainer } from '../support/started-service.ts';

/** The deadline of what is meant to miss it. */
const SHORT_MS = 300;
/** The deadline of all else: a busy machine does not matter. */
const LONG_MS = 10_000;

/** Milliseconds, as in `IAM_TIMEOUT_MS`, for a dependency that fails so. */
export const timeoutFor = (outcome: Outcome): string => String(outcome === 'timeout' ? SHORT_MS : LONG_MS);

const BITS = 512;

/** The real container on loopback, as its clients and its operator see it. */
export interface World extends StartedService {
  /** Asks for 512 bits. @param headers default: a token that is always taken where `STATIC` is on */
  ask(headers?: Readonly<Record<string, string>>): Promise<ClientAnswer>;
  /** Checks the whole answer to such a request, and the reason in its one audit line. */
  expects(expected: Refusal | 'bytes', reason?: Reason, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Asks until there are bytes. Fails if there are none within so many milliseconds. */
  heals(withinMs: number, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** The value of a series of the metrics, as Prometheus reads it. */
  metric(series: string): Promise<number>;
  isReady(): Promise<boolean>;
}

export async function startWorld(
  context: TestContext,
  environment: Environment,
  parts: Partial<ServiceParts> = {},
): Promise<World> {
  const metricsPort = await freePort();
  const settings = { METRICS_PORT: String(metricsPort), ...environment };
  const started = await startContainer(context, settings, parts);
  await started.service.core.warmedUp;
  const { origin, audited } = started;

  async function ask(headers: Readonly<Record<string, string>> = ofTheOperator()): Promise<ClientAnswer> {
    const all = { 'Content-Type': 'application/json', ...headers };
    const body = `{"random_data_length":"${BITS}"}`;
    const response = await fetch(origin + PATH, { method: 'POST', headers: all, body });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  }

  return {
    ...started,
    ask,
    async expects(expected, reason, headers) {
      const answer = await ask(headers);
      assert.deepEqual(flawsOf(answer, expected === 'bytes' ? BITS : expected), []);
      assertLine(audited(), answer, reason);
    },
    async heals(withinMs, headers) {
      const sinceMs = performance.now();
      while ((await ask(headers)).status !== 200) {
        assert.ok(performance.now() - sinceMs < withinMs, `no bytes after ${withinMs} ms`);
        await pause(20);
      }
    },
    async metric(series) {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${series} `));
      return Number(line?.slice(series.length) ?? assert.fail(`no series ${series}`));
    },
    isReady: async () => (await fetch(`${origin}/readyz`)).ok,
  };
}

export function ofTheOperator(): Record<string, string> {
  return { 'X-Auth-Token': STATIC_TOKEN };
}

function assertLine(lines: readonly Fields[], { status, headers }: ClientAnswer, reason: Reason | undefined): void {
  const own = lines.filter((line) => line.request_id === headers['x-request-id']);
  assert.deepEqual(
    own.map((line) => [line.status, line.reason]),
    [[status, reason]],
  );
}
