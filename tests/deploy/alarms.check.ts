import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ServiceError } from '../../lib/errors.ts';
import { createAuditor, type Trail } from '../../lib/telemetry/audit-line.ts';
import { createLog } from '../../lib/telemetry/log.ts';
import { ROOT } from './tools.ts';

const ALARMS = readFileSync(join(ROOT, 'deploy/lambda/alarms.yml'), 'utf8');
const PATTERNS = [...ALARMS.matchAll(/FilterPattern: &(\w+) '(.+)'/g)].map(([, name = '', pattern = '']) => ({
  name,
  pattern,
}));

/** The audit line of one request. */
function lineOf(trail: Omit<Trail, 'requestId'>): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog({ level: 'error', writeLine: (line) => lines.push(line), now: () => 0 });
  createAuditor({ log, monotonicMs: () => 0 })({ requestId: 'id', ...trail });
  return JSON.parse(lines.join());
}

const LINES = {
  served: lineOf({ bitLength: 512, sources: ['node-crypto', 'os'], omitted: [] }),
  refused: lineOf({
    tokenFingerprint: '0123abcd',
    failure: new ServiceError('token-unknown', { reason: 'unknown-token' }),
  }),
  degraded: lineOf({ bitLength: 512, sources: ['node-crypto'], omitted: ['os'] }),
  closed: lineOf({ failure: new ServiceError('entropy-unhealthy', { reason: 'source-unhealthy' }) }),
  unavailable: lineOf({ failure: new ServiceError('backend-unavailable', { reason: 'iam-unreachable' }) }),
};

const COUNTED: Readonly<Record<string, readonly string[]>> = {
  failed: ['closed', 'unavailable'],
  degraded: ['degraded'],
  closed: ['closed'],
  refused: ['refused'],
  accepted: ['served', 'degraded'],
};

/** The part of CloudWatch's pattern language that the alarms use: one comparison of one member. */
function matches(pattern: string, line: Record<string, unknown>): boolean {
  const [, name = '', index, operator, right = ''] =
    /^\{ \$\.(\w+)(?:\[(\d+)\])? (=|>=) (.+) \}$/.exec(pattern) ?? assert.fail(`not understood: ${pattern}`);
  const whole = line[name];
  const left = index === undefined ? whole : Array.isArray(whole) ? whole[Number(index)] : undefined;
  if (operator === '>=') return typeof left === 'number' && left >= Number(right);
  if (/^\d+$/.test(right)) return left === Number(right);
  return typeof left === 'string' && (right === '"*"' || left === JSON.parse(right));
}

test('the log is counted by the patterns that are checked here', () => {
  assert.deepEqual(PATTERNS.map(({ name }) => name).sort(), Object.keys(COUNTED).sort());
  const used = [...ALARMS.matchAll(/FilterPattern: (?:&\w+ '|\*)/g)];
  const inOneGroup = ['refused', 'accepted'];
  assert.equal(used.length, 2 * PATTERNS.length - inOneGroup.length);
});

for (const { name, pattern } of PATTERNS) {
  test(`${name}: ${pattern} counts these audit lines and no others`, () => {
    const counted = Object.entries(LINES).filter(([, line]) => matches(pattern, line));
    assert.deepEqual(
      counted.map(([kind]) => kind),
      COUNTED[name],
    );
  });
}
