import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './scope.ts';

/** "At 1,769 MB, a function has the equivalent of one vCPU": https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MEMORY_OF_ONE_CPU_MB = 1769;

/** Lambda's own period is not documented; a shorter one is stricter, for less can be done before the first pause. */
const PERIOD_MICROSECONDS = 20_000;

/**
 * Limits a process to a share of one CPU, by a control group of its own.
 *
 * @returns false where this user may make none
 */
export function limitCpu(scope: Scope, pid: number, share: number): boolean {
  const quota = Math.round(PERIOD_MICROSECONDS * share);
  const name = `gen-random-bench-${pid}`;
  return (
    tryGroup(scope, join('/sys/fs/cgroup/cpu', name), pid, [
      ['cpu.cfs_period_us', String(PERIOD_MICROSECONDS)],
      ['cpu.cfs_quota_us', String(quota)],
    ]) || tryGroup(scope, join('/sys/fs/cgroup', name), pid, [['cpu.max', `${quota} ${PERIOD_MICROSECONDS}`]])
  );
}

function tryGroup(scope: Scope, folder: string, pid: number, settings: readonly (readonly string[])[]): boolean {
  try {
    mkdirSync(folder);
  } catch {
    return false;
  }
  scope.after(() => rmdirSync(folder));
  try {
    for (const [file = '', value = ''] of settings) writeFileSync(join(folder, file), value);
    writeFileSync(join(folder, 'cgroup.procs'), String(pid));
    return true;
  } catch {
    return false;
  }
}
