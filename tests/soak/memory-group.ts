import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group with a limit of memory, into which a process can be put. */
export interface MemoryGroup {
  /** Written to by a shell before it becomes the process. */
  readonly procs: string;
  /** The most memory that it has used, in bytes. */
  peak(): number;
  remove(): void;
}

/** What differs between the two versions of control groups (cgroups(7)). */
const VERSIONS = [
  {
    root: '/sys/fs/cgroup/memory',
    line: /^[0-9]+:memory:(.*)$/m,
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
  },
  { root: '/sys/fs/cgroup', line: /^0::(.*)$/m, limit: 'memory.max', peak: 'memory.peak' },
];

/** @returns undefined where this user may make none, or the system has none */
export function createMemoryGroup(name: string, bytes: number): MemoryGroup | undefined {
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  for (const version of VERSIONS) {
    const path = version.line.exec(own)?.[1];
    // In a container the path is the host's, and the root is what can be seen of it.
    for (const parent of path === undefined ? [] : [join(version.root, path), version.root]) {
      const group = make(join(parent, name), version, bytes);
      if (group !== undefined) return group;
    }
  }
  return undefined;
}

function make(folder: string, version: (typeof VERSIONS)[number], bytes: number): MemoryGroup | undefined {
  const remove = (): void => {
    if (existsSync(folder)) rmdirSync(folder);
  };
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, version.limit), String(bytes));
    if (!existsSync(join(folder, version.peak))) throw new Error('this version counts no peak');
  } catch {
    remove();
    return undefined;
  }
  return {
    procs: join(folder, 'cgroup.procs'),
    peak: () => Number(readFileSync(join(folder, version.peak), 'utf8')),
    remove,
  };
}
