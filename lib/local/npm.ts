import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Tells when the npm that started this process has ended. npm passes SIGTERM on to its shell alone, which ends without
 * passing it on, and a shell whose npm was killed stays.
 */
export function whenNpmEnds(end: () => void): void {
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() !== before) end();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The parent, and its own where it is a shell and the system says so, as Linux does. */
function ancestors(): string {
  const { ppid } = process;
  try {
    // proc_pid_stat(5): a number, a name in parentheses, a state, the parent.
    const shell = /\(sh\) \S ([0-9]+)/.exec(readFileSync(`/proc/${ppid}/stat`, 'latin1'));
    return `${ppid} ${shell?.[1] ?? ''}`;
  } catch {
    return `${ppid} `;
  }
}
