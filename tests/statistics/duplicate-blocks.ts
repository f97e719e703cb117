/** Octets of a block, at multiples of which blocks begin. */
export const BLOCK_OCTETS = 16;

/** How many blocks of 16 octets stand there a second time or more. */
export function countDuplicateBlocks(octets: Uint8Array): number {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const suspects = halvesSeenTwice(buffer);
  if (suspects.size === 0) return 0;
  const seen = new Set<string>();
  let duplicates = 0;
  for (let at = 0; at + BLOCK_OCTETS <= buffer.length; at += BLOCK_OCTETS) {
    if (!suspects.has(buffer.readBigUInt64LE(at))) continue;
    const block = buffer.toString('latin1', at, at + BLOCK_OCTETS);
    if (seen.has(block)) duplicates += 1;
    seen.add(block);
  }
  return duplicates;
}

/** First halves of blocks, sorted, so that equal ones are neighbours: a table of all blocks would be many times their size. */
function halvesSeenTwice(buffer: Buffer): Set<bigint> {
  const count = Math.floor(buffer.length / BLOCK_OCTETS);
  const halves = new BigUint64Array(count);
  for (let index = 0; index < count; index += 1) halves[index] = buffer.readBigUInt64LE(index * BLOCK_OCTETS);
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
export function duplicateChance(octets: number): number {
  const blocks = Math.floor(octets / BLOCK_OCTETS);
  return (blocks * (blocks - 1)) / 2 / 2 ** 128;
}
