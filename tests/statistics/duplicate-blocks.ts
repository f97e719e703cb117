/** Bytes of a block, at multiples of which blocks begin. */
export const BLOCK_BYTES = 16;

/** How many blocks of 16 bytes stand there a second time or more. */
export function countDuplicateBlocks(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const suspects = halvesSeenTwice(buffer);
  if (suspects.size === 0) return 0;
  const seen = new Set<string>();
  let duplicates = 0;
  for (let at = 0; at + BLOCK_BYTES <= buffer.length; at += BLOCK_BYTES) {
    if (!suspects.has(buffer.readBigUInt64LE(at))) continue;
    const block = buffer.toString('latin1', at, at + BLOCK_BYTES);
    if (seen.has(block)) duplicates += 1;
    seen.add(block);
  }
  return duplicates;
}

/** First halves of blocks, sorted, so that equal ones are neighbours: a table of all blocks would be many times their size. */
function halvesSeenTwice(buffer: Buffer): Set<bigint> {
  const count = Math.floor(buffer.length / BLOCK_BYTES);
  const halves = new BigUint64Array(count);
  for (let index = 0; index < count; index += 1) halves[index] = buffer.readBigUInt64LE(index * BLOCK_BYTES);
  halves.sort();
  const twice = new Set<bigint>();
  let previous: bigint | undefined;
  for (const half of halves) {
    if (half === previous) twice.add(half);
    previous = half;
  }
  return twice;
}

/** The chance of any duplicate among random blocks: at most one in 2^128 for each pair. */
export function duplicateChance(bytes: number): number {
  const blocks = Math.floor(bytes / BLOCK_BYTES);
  return (blocks * (blocks - 1)) / 2 / 2 ** 128;
}
