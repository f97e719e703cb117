import fs from 'node:fs';
import { type Profiler, Session } from 'node:inspector/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { FunctionEntry } from '../../lib/platform/function-entry.ts';
import { median } from '../support/statistics.ts';

// A process of its own: calls the function from its sources, where every step is a file, under V8's sampling profiler.
// `invocation-parts.ts EVENT CALLS`. Reports microseconds a call, as long as no profiler looks on, shared out as the samples are.
const [text = '', calls = ''] = process.argv.slice(2);

const SAMPLING_INTERVAL_MICROSECONDS = 200;
const WARM_UP_CALLS = 30_000;
/** Events made at once; making them is not the function's work. */
const BATCH = 500;
const HARNESS = 'harness';

/** The innermost frame of these decides; frames of other files belong to whoever called them. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/\/lib\/entropy\/node-crypto\.ts$/, 'draw: node-crypto'],
  [/\/lib\/entropy\/os\.ts$/, 'draw: os'],
  [/\/lib\/entropy\/(health|monitor)\.ts$/, 'draw: health tests'],
  [/\/lib\/entropy\/mix\.ts$/, 'draw: mix'],
  [/\/lib\/(log|audit|http\/audit)\.ts$/, 'audit line'],
  [/\/lib\/(http\/(http-function|platform-event)|platform\/.*)\.ts$/, 'event and reply of the platform'],
  [/\/lib\/http\/route\.ts$/, 'route'],
  [/\/lib\/(auth\/.*|http\/authenticate)\.ts$/, 'authenticate and authorise'],
  [/\/lib\/http\/(require-json|body)\.ts$/, 'content type, length, UTF-8'],
  [/@middy\/(http-json-body-parser|util)\//, 'JSON body parser'],
  [/\/lib\/gen-random\//, 'command and hexadecimal'],
  [/\/lib\/http\/(pipeline|reply-headers)\.ts$/, 'reply'],
  [/@middy\//, 'middy core'],
  [/\/bench\//, HARNESS],
];

// A call into the system would be given more samples than time.
fs.writeSync = (_descriptor: number, text: unknown) => Buffer.byteLength(text as string);
syncBuiltinESMExports();

// Required: TypeScript takes a module with a `then` for a promise when it is imported.
const { handler }: Pick<FunctionEntry, 'handler'> = createRequire(import.meta.url)('../../handlers/http.ts');
const endsAtMs = Date.now() + 3_600_000;
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => endsAtMs - Date.now() };

/** @returns microseconds a call, batch by batch */
async function run(count: number): Promise<number[]> {
  const batches: number[] = [];
  for (let done = 0; done < count; done += BATCH) {
    const events = Array.from({ length: BATCH }, () => JSON.parse(text));
    const startedAtMs = performance.now();
    for (const event of events) await handler(event, context);
    batches.push(((performance.now() - startedAtMs) * 1000) / BATCH);
  }
  return batches;
}

function stepOf(node: Profiler.ProfileNode, parents: ReadonlyMap<number, Profiler.ProfileNode>): string {
  const { functionName } = node.callFrame;
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(idle)') return HARNESS;
  for (let frame: Profiler.ProfileNode | undefined = node; frame; frame = parents.get(frame.id)) {
    const { url } = frame.callFrame;
    const step = STEPS.find(([pattern]) => pattern.test(url));
    if (step !== undefined) return step[1];
  }
  return 'runtime';
}

/** Adds up the samples taken from a moment on. @param fromMicroseconds of the monotonic clock */
function countSteps(profile: Profiler.Profile, fromMicroseconds: number): Map<string, number> {
  const { nodes, samples = [], timeDeltas = [], startTime } = profile;
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));
  const steps = new Map(nodes.map((node) => [node.id, stepOf(node, parents)]));
  const counts = new Map<string, number>();
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    const step = steps.get(id) ?? 'runtime';
    if (at >= fromMicroseconds && step !== HARNESS) counts.set(step, (counts.get(step) ?? 0) + delta);
  }
  return counts;
}

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_MICROSECONDS });
// Code that is optimised before the profiler looks on does not say which functions were inlined into it.
await session.post('Profiler.start');
await run(WARM_UP_CALLS);
const warmAt = Number(process.hrtime.bigint() / 1000n);
await run(Number(calls));
const { profile } = await session.post('Profiler.stop');
const perCall = median(await run(WARM_UP_CALLS));
const counts = countSteps(profile, warmAt);
const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
process.send?.(Object.fromEntries([...counts].map(([step, count]) => [step, (count / total) * perCall])));
