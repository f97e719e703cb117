import { readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** What this process may use up. */
export interface Resources {
  /** Bytes: the least of what the machine, its control group and the limit of the heap allow. */
  readonly memoryBytes: number;
  /** File descriptors that are still free; Infinity where nobody can tell. */
  readonly freeDescriptors: number;
}

/** Code, buffers and what the parser has of headers that are on their way. */
const BESIDE_HEAP_BYTES = 64 * 1024 * 1024;

export function readResources(): Resources {
  const { heap_size_limit: heapBytes } = getHeapStatistics();
  const groupBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const memoryBytes = Math.min(totalmem(), groupBytes, heapBytes + BESIDE_HEAP_BYTES);
  return { memoryBytes, freeDescriptors: readFreeDescriptors() };
}

/** Linux alone says it in files. Node has raised its own limit as far as it may. */
function readFreeDescriptors(): number {
  try {
    const limit = /^Max open files +([0-9]+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit) - readdirSync('/proc/self/fd').length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
