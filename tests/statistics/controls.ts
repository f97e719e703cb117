import { hash } from 'node:crypto';
import type { TestName } from './battery.ts';

/** A broken source, always broken in the same way, and what finds it out. */
export interface Control {
  readonly name: string;
  readonly make: (length: number) => Uint8Array;
  /** The tests of the battery that fail over 1 MiB of it, in their order. */
  readonly caughtBy: readonly TestName[];
}

/** Bytes that follow from a name: SHAKE of it. They pass as random, so that a control has the one fault that it is named for. */
export function reproducible(name: string, length: number): Uint8Array {
  return Uint8Array.from(hash('shake256', name, { outputEncoding: 'buffer', outputLength: length }));
}

/** Each bit is a one in 51 of 100. */
function biased(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let from = 0; from < length; from += 4096) {
    const draws = reproducible(`bias ${from}`, 4096 * 16);
    for (let index = from; index < Math.min(length, from + 4096); index += 1) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit += 1) {
        const at = ((index - from) * 8 + bit) * 2;
        const draw = (draws[at] ?? 0) * 256 + (draws[at + 1] ?? 0);
        byte = byte * 2 + (draw < 0.51 * 65_536 ? 1 : 0);
      }
      bytes[index] = byte;
    }
  }
  return bytes;
}

function counter(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = index;
  return bytes;
}

function periodic(period: number, length: number): Uint8Array {
  const block = reproducible('period', period);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += period) bytes.set(block.subarray(0, Math.min(period, length - at)), at);
  return bytes;
}

export const CONTROLS: readonly Control[] = [
  {
    name: 'stuck',
    make: (length) => new Uint8Array(length).fill(0x5a),
    caughtBy: ['runs', 'poker', 'bytes', 'longest run', 'duplicate blocks'],
  },
  {
    name: 'zero',
    make: (length) => new Uint8Array(length),
    caughtBy: ['monobit', 'runs', 'poker', 'bytes', 'longest run', 'duplicate blocks'],
  },
  { name: 'biased 51 to 49', make: biased, caughtBy: ['monobit', 'poker', 'bytes'] },
  {
    name: 'counter',
    make: counter,
    caughtBy: ['poker', 'bytes', 'longest run', 'duplicate blocks'],
  },
  {
    name: 'short period',
    make: (length) => periodic(4096, length),
    caughtBy: ['monobit', 'poker', 'bytes', 'longest run', 'duplicate blocks'],
  },
];
