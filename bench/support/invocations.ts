import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { relative } from 'node:path';
import { handler as bare } from '../floors/bare-handler.ts';
import { ROOT } from './project.ts';
import type { Scope } from './scope.ts';
import { startStubIam } from './stub-iam.ts';
import { median, takeTurns } from './turns.ts';

export interface Invocations {
  /** Exports `handler`. */
  readonly module: string;
  /** Events by a label; each list is gone through again and again. */
  readonly events: Readonly<Record<string, readonly object[]>>;
  readonly rounds: number;
  /** Whether audit lines go to standard output, which is /dev/null, and not to a sink that takes nothing. */
  readonly isWritten?: boolean;
}

export interface Timings {
  /** For each label microseconds of a call, batch by batch. */
  readonly runs: Readonly<Record<string, { readonly ours: number[]; readonly bare: number[] }>>;
  /** Microseconds of an average call by the file or package that spends them. */
  readonly parts: Readonly<Record<string, number>>;
}

const CALLS_OF_A_BATCH = 250;
const WARM_UP_ROUNDS = 80;

/** Calls a function, which asks IAM once for each token, and the bare handler in turns, in a process of its own. */
export async function timeInvocations(scope: Scope, work: Invocations): Promise<Timings> {
  const { environment } = await startStubIam(scope);
  const env = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9', ...environment };
  const child = fork(import.meta.filename, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], timeout: 180_000 });
  child.send(work);
  const ended = once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`it ended: ${code ?? signal}`)));
  const [timings] = await Promise.race([once(child, 'message'), ended]);
  child.kill();
  return timings;
}

type Handler = (event: { readonly body: string }, context: unknown) => Promise<{ readonly statusCode: number }>;

async function time({ module, events, rounds, isWritten = false }: Invocations): Promise<Timings> {
  if (!isWritten) fs.writeSync = (_descriptor: number, line: unknown) => Buffer.byteLength(String(line));
  syncBuiltinESMExports();
  const { handler } = createRequire(import.meta.url)(module) as { handler: Handler };
  const endsAtMs = Date.now() + 3_600_000;
  const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => endsAtMs - Date.now() };

  async function batch(subject: Handler, next: () => string): Promise<number> {
    // Each invocation gets an event of its own, as from the platform; reading it is not the function's work.
    const given = Array.from({ length: CALLS_OF_A_BATCH }, () => JSON.parse(next()));
    const startedAt = process.hrtime.bigint();
    for (const event of given) {
      const { statusCode } = await subject(event, context);
      if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
    }
    return Number(process.hrtime.bigint() - startedAt) / 1000 / CALLS_OF_A_BATCH;
  }

  const kinds = Object.entries(events).map(([label, list]) => [label, inTurns(list)] as const);
  const pair = async (next: () => string) => ({ ours: await batch(handler, next), bare: await batch(bare, next) });
  const subjects = Object.fromEntries(kinds.map(([label, next]) => [label, () => pair(next)]));
  // Every token is asked about once before its cost from the cache is measured.
  for (const event of Object.values(events).flat()) await handler(structuredClone(event) as never, context);
  await takeTurns(WARM_UP_ROUNDS, subjects);
  const runs = await takeTurns(rounds, subjects);
  const profile = await profileOf(async () => {
    for (let round = 0; round < rounds; round += 1) for (const [, next] of kinds) await batch(handler, next);
  });
  const whole = median(Object.values(runs).flatMap(({ ours }) => ours));
  return { runs, parts: partsOf(profile, whole) };
}

function inTurns(events: readonly object[]): () => string {
  const texts = events.map((event) => JSON.stringify(event));
  let index = 0;
  return () => texts[index++ % texts.length] ?? '';
}

async function profileOf(work: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 100 });
  await session.post('Profiler.start');
  await work();
  return (await session.post('Profiler.stop')).profile;
}

/** What is ours or a package's has the time of Node's own functions that it calls. */
function partsOf({ nodes, samples = [] }: Profiler.Profile, whole: number): Record<string, number> {
  const owners = new Map<number, string>();
  // A caller stands before those that it calls.
  for (const { id, callFrame, children = [] } of nodes) {
    const owner = ownerOf(callFrame) ?? owners.get(id) ?? 'Node itself';
    for (const each of [id, ...children]) owners.set(each, owner);
  }
  const counted = samples.map((id) => owners.get(id) ?? '').filter((owner) => owner !== 'bench' && owner !== '(idle)');
  const counts = Object.entries(Object.groupBy(counted, (owner) => owner));
  return Object.fromEntries(counts.map(([owner, of = []]) => [owner, (whole * of.length) / counted.length]));
}

function ownerOf({ url, functionName }: { readonly url: string; readonly functionName: string }): string | undefined {
  if (functionName === '(garbage collector)' || functionName === '(idle)') return functionName;
  if (!url.startsWith('file://')) return undefined;
  const file = relative(ROOT, new URL(url).pathname);
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file.replace(/^bench\/.*/, 'bench');
}

if (process.send !== undefined) {
  process.once('message', async (work: Invocations) => process.send?.(await time(work)));
}
