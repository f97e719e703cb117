import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { dump } from 'js-yaml';
import { ALERTS, RULES } from './alerts.ts';

/** What a series does: good for ten minutes, bad for twenty, good again for thirty. One value a minute. */
interface Course {
  readonly series: string;
  readonly good: number;
  readonly bad: number;
  /** A counter grows by these every minute; a gauge stands at them. */
  readonly kind: 'counter' | 'gauge';
}

const counter = (series: string, good: number, bad: number): Course => ({ series, good, bad, kind: 'counter' });
const gauge = (series: string, good: number, bad: number): Course => ({ series, good, bad, kind: 'gauge' });
const JOB = 'job="gen-random"';
const bucket = (name: string, labels: string, le: string, good: number, bad: number): Course =>
  counter(`${name}_bucket{${JOB}${labels},le="${le}"}`, good, bad);

const COURSES: Readonly<Record<string, { readonly courses: readonly Course[]; readonly labels: object }>> = {
  GenRandomDown: { courses: [gauge(`up{${JOB}}`, 1, 0)], labels: {} },
  GenRandomErrors: {
    courses: [
      counter(`gen_random_requests_total{${JOB},status="200"}`, 1000, 1000),
      counter(`gen_random_requests_total{${JOB},status="502"}`, 0, 60),
    ],
    labels: {},
  },
  GenRandomSlow: {
    courses: [
      bucket('gen_random_request_duration_seconds', '', '1', 1000, 900),
      bucket('gen_random_request_duration_seconds', '', '2.5', 1000, 1000),
      bucket('gen_random_request_duration_seconds', '', '+Inf', 1000, 1000),
    ],
    labels: {},
  },
  GenRandomIamFailing: {
    courses: [
      counter(`gen_random_dependency_requests_total{${JOB},dependency="iam",outcome="ok"}`, 100, 100),
      counter(`gen_random_dependency_requests_total{${JOB},dependency="iam",outcome="timeout"}`, 0, 30),
    ],
    labels: {},
  },
  GenRandomIamSlow: {
    courses: [
      bucket('gen_random_dependency_duration_seconds', ',dependency="iam"', '0.5', 100, 80),
      bucket('gen_random_dependency_duration_seconds', ',dependency="iam"', '1', 100, 100),
      bucket('gen_random_dependency_duration_seconds', ',dependency="iam"', '+Inf', 100, 100),
    ],
    labels: {},
  },
  GenRandomAllTokensRefused: {
    courses: [
      counter(`gen_random_token_verifications_total{${JOB},result="rejected"}`, 1, 1),
      counter(`gen_random_token_verifications_total{${JOB},result="hit"}`, 60, 0),
    ],
    labels: {},
  },
  GenRandomManyTokensRefused: {
    courses: [counter(`gen_random_requests_total{${JOB},status="403",code="KMS.0302"}`, 60, 600)],
    labels: {},
  },
  GenRandomSourceFailing: {
    courses: [counter(`gen_random_dependency_requests_total{${JOB},dependency="aws-kms",outcome="timeout"}`, 0, 6)],
    labels: { dependency: 'aws-kms' },
  },
  GenRandomSourceClosed: {
    courses: [gauge(`gen_random_entropy_source_open{${JOB},source="os"}`, 1, 0)],
    labels: { source: 'os' },
  },
  GenRandomDegraded: {
    courses: [counter(`gen_random_entropy_degraded_total{${JOB},source="aws-kms"}`, 0, 6)],
    labels: { source: 'aws-kms' },
  },
  GenRandomThrottling: {
    courses: [counter(`gen_random_throttled_total{${JOB},reason="too-many-in-flight"}`, 0, 6)],
    labels: { reason: 'too-many-in-flight' },
  },
  GenRandomConnectionsDropped: {
    courses: [counter(`gen_random_connections_dropped_total{${JOB}}`, 0, 6)],
    labels: {},
  },
  GenRandomEventLoopSlow: {
    courses: [gauge(`nodejs_eventloop_lag_p99_seconds{${JOB}}`, 0.01, 0.5)],
    labels: {},
  },
  GenRandomFileDescriptors: {
    courses: [gauge(`process_open_fds{${JOB}}`, 100, 900), gauge(`process_max_fds{${JOB}}`, 1000, 1000)],
    labels: {},
  },
};

/** In Prometheus' notation: `start+step x times`. */
function valuesOf({ good, bad, kind }: Course): string {
  if (kind === 'gauge') return `${good}x10 ${bad}x20 ${good}x30`;
  const afterGood = 10 * good;
  const afterBad = afterGood + 20 * bad;
  return `0+${good}x10 ${afterGood + bad}+${bad}x19 ${afterBad + good}+${good}x30`;
}

test('every alert has a course that makes it fire, and no other has', () => {
  assert.deepEqual(ALERTS.map(({ alert }) => alert).sort(), Object.keys(COURSES).sort());
});

test('promtool finds nothing wrong with the rules', () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', RULES], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
});

for (const { alert, labels, annotations } of ALERTS) {
  test(`${alert} is silent while all is well, fires when it is not, and clears`, (context) => {
    const { courses, labels: own } = COURSES[alert] ?? assert.fail(alert);
    const instance = courses.every(({ kind }) => kind === 'gauge') || alert === 'GenRandomConnectionsDropped';
    const expected = { ...labels, job: 'gen-random', ...own };
    const filled = Object.fromEntries(
      Object.entries(annotations).map(([name, text]) => [
        name,
        text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => String(Reflect.get(own, label))),
      ]),
    );
    assert(instance || courses.length > 0);
    const firing = {
      eval_time: '29m',
      alertname: alert,
      exp_alerts: [{ exp_labels: expected, exp_annotations: filled }],
    };
    const silent = (time: string) => ({ eval_time: time, alertname: alert, exp_alerts: [] });
    const tests = {
      rule_files: [RULES],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: courses.map((course) => ({ series: course.series, values: valuesOf(course) })),
          alert_rule_test: [silent('9m'), firing, silent('50m')],
        },
      ],
    };
    const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'tests.yml');
    writeFileSync(file, dump(tests));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
    assert.equal(status, 0, `${stdout}${stderr}\n${readFileSync(file, 'utf8')}`);
  });
}
