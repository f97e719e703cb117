import { join } from 'node:path';
import { budget } from '../budgets.ts';
import type { Measurement } from '../measurement.ts';
import { httpApiEvent } from '../support/functions.ts';
import { type Invocations, timeInvocations } from '../support/invocations.ts';
import { ROOT, TOKEN } from '../support/project.ts';
import { compare, linesOf, median, partsOf } from '../support/turns.ts';
import { number } from '../words.ts';

const FLOOR = 'bare handler';
const BUNDLE = 'lambda/http.js';
const SOURCES = join(ROOT, 'handlers/http.ts');

export const warmInvocation: Measurement = {
  name: 'warm-invocation',
  title: 'Warm invocation',
  async measure({ artefacts, mode, scope }) {
    const measure = async (label: string, processes: number, isWritten: boolean) => {
      const work = { module: join(artefacts, BUNDLE), events: { [label]: [httpApiEvent()] }, rounds: 200, isWritten };
      const all = [];
      for (let count = 0; count < processes; count += 1) all.push((await timeInvocations(scope, work)).runs[label]);
      const [ours, bare] = [all.flatMap((runs) => runs?.ours ?? []), all.flatMap((runs) => runs?.bare ?? [])];
      return compare({ label, unit: 'µs', values: ours, floor: [FLOOR, bare] });
    };
    const silent = await measure('audit line to a sink that takes nothing', mode === 'full' ? 7 : 3, false);
    const written = await measure('audit line through standard output to /dev/null', 1, true);
    return { rows: [{ ...silent, budget: budget('warm invocation') }, written] };
  },
};

const WHOLE = 'the whole';

export const invocationParts: Measurement = {
  name: 'invocation-parts',
  title: 'What a warm invocation spends its time on',
  isFullOnly: true,
  async measure({ scope }) {
    const work = { module: SOURCES, events: { [WHOLE]: [httpApiEvent()] }, rounds: 400 };
    const { runs, parts } = await timeInvocations(scope, work);
    const whole = median(runs[WHOLE]?.ours ?? []);
    const bars = partsOf(whole, parts);
    return {
      rows: Object.entries({ [WHOLE]: whole, ...bars }).map(([label, value]) => ({ label, value, unit: 'µs' })),
      chart: { title: 'A warm invocation, file by file', unit: 'µs', bars },
    };
  },
};

export const cachedVerification: Measurement = {
  name: 'cached-verification',
  title: 'Verification of a cached token',
  isFullOnly: true,
  async measure({ scope }) {
    const rows = [];
    for (const characters of [43, 250, 20_000]) {
      const label = `a token of ${number(characters)} characters`;
      const events = { [label]: [httpApiEvent(512, TOKEN.padEnd(characters, '0').slice(0, characters))] };
      const { parts } = await timeInvocations(scope, { module: SOURCES, events, rounds: 400 });
      const ofAuth = Object.entries(parts).filter(([part]) => part.startsWith('lib/auth/'));
      rows.push({ label, value: ofAuth.reduce((sum, [, value]) => sum + value, 0), unit: 'µs' });
    }
    return { rows };
  },
};

const BITS = [8, 64, 512, 1024, 2048, 4096, 8192];
const TOKENS = [1, 10, 100, 1_000, 10_000];

export const growth: Measurement = {
  name: 'growth',
  title: 'How an invocation grows',
  isFullOnly: true,
  async measure({ artefacts, scope }) {
    const measure = async (events: Invocations['events']) => {
      const { runs } = await timeInvocations(scope, { module: join(artefacts, BUNDLE), events, rounds: 200 });
      return Object.entries(runs).map(([label, { ours, bare }]) => {
        return compare({ label, unit: 'µs', values: ours, floor: [FLOOR, bare] });
      });
    };
    const bits = await measure(Object.fromEntries(BITS.map((count) => [`${count} bits`, [httpApiEvent(count)]])));
    const tokens = await measure(
      Object.fromEntries(TOKENS.map((count) => [`${count} tokens in turns`, eventsWith(count)])),
    );
    const lines = linesOf(bits, BITS);
    return {
      rows: [...bits, ...tokens],
      chart: { title: 'Cost of an invocation over the bits that it draws', x: 'bits', unit: 'µs', lines },
    };
  },
};

/** A longer list begins with the tokens of a shorter one, so that the cache can hold them all. */
function eventsWith(tokens: number): object[] {
  return Array.from({ length: tokens }, (_, index) => httpApiEvent(512, `${TOKEN}-${index}`));
}
