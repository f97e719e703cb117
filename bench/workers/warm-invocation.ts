import fs from 'node:fs';
import { createRequire } from 'node:module';
import { handler as bare, type Event } from '../floors/bare-handler.ts';
import { interleave } from '../support/statistics.ts';

// A process of its own: calls the bundled function and the bare one in turns, and reports microseconds a call, batch by batch.
// `warm-invocation.ts BUNDLE EVENT ROUNDS SINK`; the sink is where audit lines end: `none` or `stdout`.
const [bundle = '', text = '', rounds = '', sink = ''] = process.argv.slice(2);

const CALLS_OF_A_BATCH = 250;
const WARM_UP_CALLS = 20_000;

type Handler = (event: Event, context: unknown) => Promise<{ readonly statusCode: number }>;

const { handler } = createRequire(import.meta.url)(bundle) as { handler: Handler };
// The bundle takes it from there at every line.
if (sink === 'none') fs.writeSync = (_descriptor: number, text: unknown) => Buffer.byteLength(text as string);

const endsAtMs = Date.now() + 3_600_000;
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => endsAtMs - Date.now() };

async function batch(subject: Handler, calls = CALLS_OF_A_BATCH): Promise<number> {
  // Each invocation gets an event of its own, as from the platform; reading it is not the function's work.
  const events = Array.from({ length: calls }, () => JSON.parse(text));
  const startedAt = process.hrtime.bigint();
  for (const event of events) {
    const { statusCode } = await subject(event, context);
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  }
  return Number(process.hrtime.bigint() - startedAt) / 1000 / calls;
}

for (const subject of [handler, bare]) await batch(subject, WARM_UP_CALLS);
const runs = await interleave(Number(rounds), { ours: () => batch(handler), bare: () => batch(bare) });
process.send?.(runs);
