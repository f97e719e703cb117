import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { freePort } from '../support/free-port.ts';
import { RULES } from './alerts.ts';

export interface Prometheus {
  /** Values of a query, by their labels as JSON. */
  query(expression: string): Promise<ReadonlyMap<string, number>>;
  /** Names of the alerts that fire now. */
  firing(): Promise<ReadonlySet<string>>;
}

/** Prometheus' own windows and waits are minutes; here a minute is half a second. */
export const scaled = (text: string): string =>
  text
    .replace(/\[5m\]/g, '[5s]')
    .replace(/\$__rate_interval/g, '5s')
    .replace(/for: \dm/g, 'for: 1s');

/** A real Prometheus that scrapes one target twice a second, with our rules. */
export async function startPrometheus(context: TestContext, target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  writeFileSync(join(folder, 'rules.yml'), scaled(readFileSync(RULES, 'utf8')));
  const configuration = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '250ms' },
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'gen-random', static_configs: [{ targets: [target] }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), dump(configuration));
  const parameters = [
    '--config.file=prometheus.yml',
    `--web.listen-address=127.0.0.1:${port}`,
    '--storage.tsdb.path=data',
  ];
  const child = spawn('prometheus', parameters, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'exit');
  context.after(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  });
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json() as Promise<Answer>;
  await until('Prometheus is ready', async () => {
    assert.equal(child.exitCode, null, log);
    return (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined))?.ok === true;
  });
  return {
    async query(expression) {
      const { status, error, data } = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      assert.equal(status, 'success', `${expression}: ${error}`);
      return new Map(data.result?.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]));
    },
    async firing() {
      const { data } = await get('/api/v1/alerts');
      return new Set(data.alerts?.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname));
    },
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result?: readonly { readonly metric: object; readonly value: readonly [number, string] }[];
    readonly alerts?: readonly { readonly state: string; readonly labels: { readonly alertname: string } }[];
  };
}

const PATIENCE_MS = 30_000;

/** Looks five times a second: Prometheus tells nobody when something has changed. */
export async function until(name: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (const startedAtMs = performance.now(); ; await sleep(200)) {
    if (await isTrue()) return;
    assert.ok(performance.now() - startedAtMs < PATIENCE_MS, `not in ${PATIENCE_MS} ms: ${name}`);
  }
}
