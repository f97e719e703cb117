import { KMS_SOURCES, outcomeOf } from './kms-sources.ts';

// A process of its own: reads once for every deadline that it is given, writes the outcomes, and ends when it can.
const [kind, origin = '', ...deadlines] = process.argv.slice(2);

// Far longer than a test may take: a timer that is left behind shows as a process that does not end.
const LONG_MS = 60_000;

const source = KMS_SOURCES[kind === 'aws-kms' ? kind : 'huawei-kms'].at(origin, LONG_MS);
const outcomes: string[] = [];
for (const deadlineMs of deadlines) {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), Number(deadlineMs));
  outcomes.push((await outcomeOf(source, deadline.signal)) ?? 'bytes');
  clearTimeout(timer);
}
process.stdout.write(JSON.stringify({ outcomes, afterMs: performance.now() }));
