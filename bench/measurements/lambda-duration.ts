import { join } from 'node:path';
import type { Measurement, Setting } from '../measurement.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { kmsFunction } from '../support/kms-function.ts';
import { emptyFunction, STATIC_ENVIRONMENT } from '../support/project.ts';
import { type ColdStart, withColdFunction } from '../support/runtime-client.ts';
import { fineCpuSeconds } from '../support/servers.ts';
import { median } from '../support/statistics.ts';

const PROCESSES = { full: 5, quick: 1 };
const WARM_UP = 200;
const INVOCATIONS = 1_000;

export const lambdaDuration: Measurement = {
  name: 'lambda-duration',
  title: 'CPU of a warm invocation under the runtime client',
  how:
    `CPU time of the whole process, the runtime client with it, over ${INVOCATIONS} invocations one after the other. Divided by the share of a CPU that a ` +
    'memory size buys it is the time that such an invocation takes there, without the waits for a network.',
  isFullOnly: true,
  async measure(setting) {
    const { scope, artefacts } = setting;
    const [empty, local, kms] = [
      await measureCpu(setting, { folder: emptyFunction(artefacts), variables: {} }),
      await measureCpu(setting, { folder: join(artefacts, 'lambda'), variables: STATIC_ENVIRONMENT }),
      await measureCpu(setting, await kmsFunction(scope, artefacts)),
    ];
    const floor = { label: 'empty handler', value: empty };
    const row = (label: string, value: number) => ({
      label,
      value,
      unit: 'ms',
      floor,
      ratio: { ratio: value / empty, quartiles: [value / empty, value / empty] as const, pairs: 1 },
    });
    return { rows: [row('local entropy', local), row('with AWS KMS', kms)] };
  },
};

/** @returns milliseconds of CPU an invocation */
async function measureCpu({ mode }: Setting, start: ColdStart): Promise<number> {
  const runs: number[] = [];
  for (let process = 0; process < PROCESSES[mode]; process += 1) {
    runs.push(
      await withColdFunction(start, async ({ child, invoke }) => {
        const event = JSON.parse(httpApiEvent());
        const invokeAll = async (count: number) => {
          for (let index = 0; index < count; index += 1) await invoke(event);
        };
        await invokeAll(WARM_UP);
        const pid = child.process.pid ?? 0;
        const usedBefore = fineCpuSeconds(pid);
        await invokeAll(INVOCATIONS);
        return ((fineCpuSeconds(pid) - usedBefore) * 1000) / INVOCATIONS;
      }),
    );
  }
  return median(runs);
}
