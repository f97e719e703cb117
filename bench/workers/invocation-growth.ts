import fs from 'node:fs';
import { createRequire } from 'node:module';
import { handler as bare, type Event } from '../floors/bare-handler.ts';
import { median } from '../support/statistics.ts';

// A process of its own: one kind of invocation after the other, in turns. `invocation-growth.ts BUNDLE ROUNDS`, then `{label: [event, …]}` as JSON
// by message. Reports the median of microseconds a call for each label, of the function and of the bare handler.
const [bundle = '', rounds = ''] = process.argv.slice(2);

const CALLS_OF_A_BATCH = 200;
/** Batches before the ones that count. */
const WARM_UP_ROUNDS = 15;

type Handler = (event: Event, context: unknown) => Promise<{ readonly statusCode: number }>;

const { handler } = createRequire(import.meta.url)(bundle) as { handler: Handler };
fs.writeSync = (_descriptor: number, text: unknown) => Buffer.byteLength(text as string);

const endsAtMs = Date.now() + 3_600_000;
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => endsAtMs - Date.now() };

async function batch(subject: Handler, events: readonly Event[]): Promise<number> {
  const startedAtMs = performance.now();
  for (const event of events) {
    const { statusCode } = await subject(event, context);
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  }
  return ((performance.now() - startedAtMs) * 1000) / events.length;
}

/** The next events of a list that is gone through again and again, each read anew. */
function take(texts: readonly string[], round: number): Event[] {
  const first = round * CALLS_OF_A_BATCH;
  return Array.from({ length: CALLS_OF_A_BATCH }, (_, index) =>
    JSON.parse(texts[(first + index) % texts.length] ?? ''),
  );
}

process.once('message', async (kinds: Record<string, readonly string[]>) => {
  const names = Object.keys(kinds);
  const ours: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  const floors: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  // Every token is asked about once before its cost from the cache is measured.
  for (const texts of Object.values(kinds)) {
    for (const text of texts) await handler(JSON.parse(text), context);
  }
  for (let round = -WARM_UP_ROUNDS; round < Number(rounds); round += 1) {
    for (const name of names) {
      const texts = kinds[name] ?? [];
      const [cost, floor] = [
        await batch(handler, take(texts, round + WARM_UP_ROUNDS)),
        await batch(bare, take(texts, 0)),
      ];
      if (round < 0) continue;
      ours[name]?.push(cost);
      floors[name]?.push(floor);
    }
  }
  const medians = (runs: Record<string, number[]>) => names.map((name) => median(runs[name] ?? []));
  process.send?.({ ours: medians(ours), bare: medians(floors) });
});
