/** What one pass over bytes finds. */
export interface ByteCounts {
  readonly bits: number;
  /** How often each of the 256 values stands there. */
  readonly histogram: readonly number[];
  readonly ones: number;
  /** How often a bit differs from the one before it. */
  readonly changes: number;
  /** The longest run of equal bits. */
  readonly longestRun: number;
}

const BITS = 8;
const VALUES = 256;

interface Shape {
  readonly ones: number;
  readonly changes: number;
  /** Length of the run of equal bits that it begins with, that it ends with, and of the longest. */
  readonly first: number;
  readonly last: number;
  readonly longest: number;
}

function shapeOf(value: number): Shape {
  const text = value.toString(2).padStart(BITS, '0');
  const runs = (text.match(/0+|1+/g) ?? []).map((run) => run.length);
  return {
    ones: text.replaceAll('0', '').length,
    changes: runs.length - 1,
    first: runs[0] ?? 0,
    last: runs.at(-1) ?? 0,
    longest: Math.max(...runs),
  };
}

const SHAPES = Array.from({ length: VALUES }, (_, value) => shapeOf(value));
const FIRST = Uint8Array.from(SHAPES, ({ first }) => first);
const LAST = Uint8Array.from(SHAPES, ({ last }) => last);

export function countBytes(bytes: Uint8Array): ByteCounts {
  const counts = new Float64Array(VALUES);
  const { bordersChanged, longestAcross } = walk(bytes, counts);
  const histogram = Array.from(counts);
  const total = (member: 'ones' | 'changes') =>
    histogram.reduce((sum, count, value) => sum + count * (SHAPES[value]?.[member] ?? 0), 0);
  const longestInside = Math.max(0, ...SHAPES.filter((_, value) => counts[value] !== 0).map(({ longest }) => longest));
  return {
    bits: bytes.length * BITS,
    histogram,
    ones: total('ones'),
    changes: total('changes') + bordersChanged,
    longestRun: Math.max(longestAcross, longestInside),
  };
}

/** Counts values, and what happens at the borders between bytes. */
function walk(bytes: Uint8Array, counts: Float64Array): { bordersChanged: number; longestAcross: number } {
  let bordersChanged = 0;
  let longestAcross = 0;
  let run = 0;
  let lastBit = -1;
  for (const byte of bytes) {
    counts[byte] = (counts[byte] ?? 0) + 1;
    const firstBit = byte >> 7;
    const isJoined = firstBit === lastBit;
    if (!isJoined && lastBit !== -1) bordersChanged += 1;
    const joined = (isJoined ? run : 0) + (FIRST[byte] ?? 0);
    if (joined > longestAcross) longestAcross = joined;
    run = FIRST[byte] === BITS ? joined : (LAST[byte] ?? 0);
    lastBit = byte & 1;
  }
  return { bordersChanged, longestAcross };
}
