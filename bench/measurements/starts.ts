import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../../tests/runtimes/child.ts';
import { type BudgetName, budget } from '../budgets.ts';
import type { Measurement } from '../measurement.ts';
import { limitCpu, MEMORY_OF_ONE_CPU_MB } from '../support/cpu-share.ts';
import {
  assertSuccess,
  emptyFunction,
  type FunctionStart,
  httpApiEvent,
  kmsFunction,
  sample,
  startColdFunction,
} from '../support/functions.ts';
import { ROOT, STATIC_ENVIRONMENT } from '../support/project.ts';
import { type Scope, withScope } from '../support/scope.ts';
import { fineCpuMs } from '../support/servers.ts';
import { startStubIam } from '../support/stub-iam.ts';
import { compare, median, takeTurns } from '../support/turns.ts';

/** A row of milliseconds beside those of the empty handler. */
function row(label: string, values: readonly number[], empty: readonly number[], name?: BudgetName) {
  return compare({ label, unit: 'ms', values, floor: ['empty handler', empty], budget: name && budget(name) });
}

export const coldStart: Measurement = {
  name: 'cold-start',
  title: 'Cold start on Lambda, local entropy',
  async measure({ artefacts, mode, scope }) {
    const backend = await startStubIam(scope);
    const folder = join(artefacts, 'lambda');
    const start = (of: FunctionStart) => async (own: Scope) => {
      const { initMs, invoke } = await startColdFunction(own, of);
      return { initMs, firstMs: await invoke(httpApiEvent()) };
    };
    const { empty, crypto, tokens, iam } = await takeTurns(mode === 'full' ? 61 : 25, {
      empty: start(emptyFunction(artefacts)),
      crypto: start(emptyFunction(artefacts, 'node:crypto')),
      tokens: start({ folder, variables: STATIC_ENVIRONMENT }),
      iam: start({ folder, variables: backend.environment }),
    });
    const moreMs = iam.firstMs.map((value, index) => value - (tokens.firstMs[index] ?? Number.NaN));
    return {
      rows: [
        row('start, static tokens', tokens.initMs, empty.initMs, 'cold start, static tokens'),
        row('start, IAM', iam.initMs, empty.initMs, 'cold start, IAM'),
        row('start, an empty handler that loads node:crypto', crypto.initMs, empty.initMs),
        row('first request, static tokens', tokens.firstMs, empty.firstMs, 'first request, static tokens'),
        {
          label: 'first request, IAM: more than with static tokens, without the IAM’s own time',
          value: median(moreMs) - backend.averageMs(),
          unit: 'ms',
          budget: budget('first request, IAM against static'),
        },
      ],
      chart: {
        title: 'Cold start on Lambda: process start to first question for work',
        unit: 'ms',
        bars: {
          'empty handler': median(empty.initMs),
          'empty handler that loads node:crypto': median(crypto.initMs),
          'static tokens': median(tokens.initMs),
          IAM: median(iam.initMs),
        },
      },
    };
  },
};

const MEMORY_MB = 256;
const SHARE = MEMORY_MB / MEMORY_OF_ONE_CPU_MB;
/** Between the end of the init and the first event, where one is not waiting already. */
const REST_MS = 500;

export const coldStartKms: Measurement = {
  name: 'cold-start-kms',
  title: 'Cold start on Lambda with AWS KMS',
  async measure({ artefacts, mode, scope }) {
    const kms = await kmsFunction(scope, artefacts);
    const { empty, waiting, rested } = await takeTurns(mode === 'full' ? 31 : 11, {
      empty: limited(emptyFunction(artefacts), 0),
      waiting: limited(kms, 0),
      rested: limited(kms, REST_MS),
    });
    const isEmulated = [...waiting.emulated, ...rested.emulated].includes(1);
    const how = isEmulated ? ' (no control group could be made: CPU time over the share, not judged)' : '';
    const name = isEmulated ? undefined : 'first answer with AWS KMS, 256 MB';
    return {
      rows: [
        row('start', waiting.initMs, empty.initMs),
        row(`first answer, the event waiting for the end of the init${how}`, waiting.firstMs, empty.firstMs, name),
        row(`first answer, the event ${REST_MS} ms after the init${how}`, rested.firstMs, empty.firstMs),
      ],
    };
  },
};

function limited(start: FunctionStart, restMs: number) {
  // The function ends first: a control group with a process in it cannot be removed.
  return (scope: Scope) =>
    withScope(async (own) => {
      const { pid, initMs, invoke } = await startColdFunction(own, start);
      const isLimited = limitCpu(scope, pid, SHARE);
      await sleep(restMs);
      const usedBefore = fineCpuMs(pid);
      const tookMs = await invoke(httpApiEvent());
      const stretchedMs = (fineCpuMs(pid) - usedBefore) / SHARE;
      return { initMs, firstMs: isLimited ? tookMs : Math.max(tookMs, stretchedMs), emulated: isLimited ? 0 : 1 };
    });
}

export const functiongraph: Measurement = {
  name: 'functiongraph',
  title: 'Cold start on FunctionGraph',
  async measure({ artefacts, mode }) {
    const { ours, crypto, empty } = await takeTurns(mode === 'full' ? 61 : 21, {
      ours: firstAnswer(join(artefacts, 'functiongraph')),
      crypto: firstAnswer(emptyFunction(artefacts, 'node:crypto').folder),
      empty: firstAnswer(emptyFunction(artefacts).folder),
    });
    return {
      rows: [
        row('process start to first answer', ours.firstMs, empty.firstMs, 'first answer on FunctionGraph'),
        row('an empty handler that loads node:crypto', crypto.firstMs, empty.firstMs),
      ],
    };
  },
};

const RUNTIMES = join(ROOT, 'tests/runtimes');

function firstAnswer(folder: string) {
  const host = [join(RUNTIMES, 'functiongraph-host.cjs'), join(folder, 'http.js'), JSON.stringify(STATIC_ENVIRONMENT)];
  const command = join(RUNTIMES, 'node_modules/node-20-15/bin/node');
  return async (scope: Scope) => {
    const startedAtMs = performance.now();
    const options = { command, parameters: host, environment: {}, cwd: folder, withMessages: true };
    const { process: child, exit } = startChild(scope, options);
    const ended = exit.then((code) => Promise.reject(new Error(`the function's process ended with ${code}`)));
    const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0].value;
    await answer();
    child.send({ kind: 'initialize' });
    await answer();
    child.send({ kind: 'invoke', event: sample('functiongraph-apig') });
    const reply = await answer();
    const firstMs = performance.now() - startedAtMs;
    assertSuccess(reply);
    return { firstMs };
  };
}

export const lambdaDuration: Measurement = {
  name: 'lambda-duration',
  title: 'CPU of a warm invocation under the runtime client',
  isFullOnly: true,
  async measure({ artefacts, scope }) {
    const withKms = await kmsFunction(scope, artefacts);
    const { empty, local, kms } = await takeTurns(5, {
      empty: warmCpu(emptyFunction(artefacts)),
      local: warmCpu({ folder: join(artefacts, 'lambda'), variables: STATIC_ENVIRONMENT }),
      kms: warmCpu(withKms),
    });
    return { rows: [row('local entropy', local.ms, empty.ms), row('with AWS KMS', kms.ms, empty.ms)] };
  },
};

function warmCpu(start: FunctionStart) {
  return async (scope: Scope) => {
    const { pid, invoke } = await startColdFunction(scope, start);
    const invokeAll = async (count: number) => {
      for (let index = 0; index < count; index += 1) await invoke(httpApiEvent());
    };
    await invokeAll(200);
    const usedBefore = fineCpuMs(pid);
    await invokeAll(1_000);
    return { ms: (fineCpuMs(pid) - usedBefore) / 1_000 };
  };
}
