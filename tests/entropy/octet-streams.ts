import { createHealthTest, type HealthVerdict } from '../../lib/entropy/health.ts';

/** Octets that stand in no run, in no window too often and in no block twice; `avoided` is not among them. */
export function plainOctets(length: number, avoided: number): Uint8Array {
  const others = Array.from({ length: 256 }, (_, value) => value).filter((value) => value !== avoided);
  return Uint8Array.from({ length }, (_, index) => others[index % others.length] ?? 0);
}

/** Plain octets with one value at the given places. */
export function octetsWith(value: number, places: readonly number[], length: number): Uint8Array {
  const octets = plainOctets(length, value);
  for (const place of places) octets[place] = value;
  return octets;
}

/** The same octets in reads of one length. */
export function inReadsOf(size: number, octets: Uint8Array): Uint8Array[] {
  const count = Math.ceil(octets.length / size);
  return Array.from({ length: count }, (_, index) => octets.slice(index * size, (index + 1) * size));
}

/** The verdicts of a health test, a fresh one if none is given, on reads one after the other. */
export function verdictsOf(reads: readonly Uint8Array[], health = createHealthTest()): HealthVerdict[] {
  return reads.map((read) => health.check(read));
}

/** The gravest verdict of a stream cut into reads, as from a fresh test. */
export function verdictOf(octets: Uint8Array, size: number, health = createHealthTest()): HealthVerdict {
  const verdicts = verdictsOf(inReadsOf(size, octets), health);
  return (['failed', 'warned'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'passed';
}
