import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, LOG_LEVELS } from '../../lib/telemetry/log.ts';

const NOW_MS = Date.parse('2025-08-06T10:15:30.123Z');

function setUp(level: (typeof LOG_LEVELS)[number] = 'info') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, writeLine: (line) => lines.push(line), now: () => NOW_MS }) };
}

test('a line is one JSON object with time and level in front', () => {
  const { lines, log } = setUp();
  log.note('warn', 'a message', { port: 1 });
  assert.deepEqual(lines, ['{"time":"2025-08-06T10:15:30.123Z","level":"warn","message":"a message","port":1}']);
});

test('an audit line has its fields alone, and those that are undefined are left out', () => {
  const { lines, log } = setUp();
  log.audit('info', { status: 200, user_id: undefined, sequence: null });
  assert.deepEqual(lines, ['{"time":"2025-08-06T10:15:30.123Z","level":"info","status":200,"sequence":null}']);
});

test('a line feed in a value cannot begin a line of its own', () => {
  const { lines, log } = setUp();
  log.audit('info', { sequence: 'a\nb\r\u2028{"level":"error"}' });
  assert.equal(lines.length, 1);
  assert.doesNotMatch(lines[0] ?? '', /[\r\n]/);
  assert.equal(JSON.parse(lines[0] ?? '').sequence, 'a\nb\r\u2028{"level":"error"}');
});

for (const [threshold, level] of LOG_LEVELS.entries()) {
  test(`LOG_LEVEL=${level} writes notes of that weight and above, and every audit line`, () => {
    const { lines, log } = setUp(level);
    for (const each of LOG_LEVELS) log.note(each, 'note');
    for (const each of LOG_LEVELS) log.audit(each, { audit: true });
    const written = lines.map((line) => JSON.parse(line));
    const levels = (isAudit: boolean) =>
      written.filter(({ audit }) => (audit === true) === isAudit).map((line) => line.level);
    assert.deepEqual(levels(false), LOG_LEVELS.slice(threshold));
    assert.deepEqual(levels(true), [...LOG_LEVELS]);
  });
}
