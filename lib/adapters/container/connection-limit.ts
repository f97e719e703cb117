import type { Resources } from '../../app/resources.ts';
import { CONNECTION_BYTES, MAX_CONNECTIONS } from '../../limits.ts';

/**
 * How many connections a process can hold, however much a stranger makes each of them cost: for a quarter of the
 * memory, since the heap grows beside them, and for half of the free descriptors, since IAM and KMS are asked by
 * connections too.
 */
export function connectionLimitOf({ memoryBytes, freeDescriptors }: Resources): number {
  const limit = Math.min(memoryBytes / 4 / CONNECTION_BYTES, freeDescriptors / 2, MAX_CONNECTIONS);
  return Math.max(1, Math.floor(limit));
}
