import { createHealthTest, type HealthVerdict } from '../../lib/entropy/health-test.ts';

/** Bytes that stand in no run, in no window too often and in no block twice; `avoided` is not among them. */
export function plainBytes(length: number, avoided: number): Uint8Array {
  const others = Array.from({ length: 256 }, (_, value) => value).filter((value) => value !== avoided);
  return Uint8Array.from({ length }, (_, index) => others[index % others.length] ?? 0);
}

/** Plain bytes with one value at the given places. */
export function bytesWith(value: number, places: readonly number[], length: number): Uint8Array {
  const bytes = plainBytes(length, value);
  for (const place of places) bytes[place] = value;
  return bytes;
}

/** The same bytes in reads of one length. */
export function inReadsOf(size: number, bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.slice(index * size, (index + 1) * size));
}

/** The verdicts of a health test, a fresh one if none is given, on reads one after the other. */
export function verdictsOf(reads: readonly Uint8Array[], health = createHealthTest()): HealthVerdict[] {
  return reads.map((read) => health.check(read));
}

/** The gravest verdict of a stream cut into reads, as from a fresh test. */
export function verdictOf(bytes: Uint8Array, size: number, health = createHealthTest()): HealthVerdict {
  const verdicts = verdictsOf(inReadsOf(size, bytes), health);
  return (['failed', 'warned'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'passed';
}
