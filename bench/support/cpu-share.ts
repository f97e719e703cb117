import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import type { Scope } from './scope.ts';

/** One vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MEMORY_OF_ONE_CPU_MB = 1769;

/** Limits a process to a share of one CPU, by a control group. @returns false where this user may make none */
export function limitCpu(scope: Scope, pid: number, share: number): boolean {
  // Microseconds. Lambda's own period is not documented. A short one is strict: less can be done before the first pause.
  const [period, quota] = ['20000', String(Math.round(20_000 * share))];
  return Object.entries({
    '/sys/fs/cgroup/cpu': { 'cpu.cfs_period_us': period, 'cpu.cfs_quota_us': quota },
    '/sys/fs/cgroup': { 'cpu.max': `${quota} ${period}` },
  }).some(([parent, limits]) => {
    const folder = `${parent}/gen-random-bench-${pid}`;
    try {
      mkdirSync(folder);
      scope.after(() => rmdirSync(folder));
      for (const [file, value] of Object.entries(limits)) writeFileSync(`${folder}/${file}`, value);
      writeFileSync(`${folder}/cgroup.procs`, String(pid));
      return true;
    } catch {
      return false;
    }
  });
}
