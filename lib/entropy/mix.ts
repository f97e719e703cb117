import { ServiceError } from '../errors.ts';
import type { DrawEntropy } from './draw.ts';
import type { LocalSource } from './source.ts';

/**
 * XOR of all sources, each of exactly the octets asked for: as good as the best of them while they are independent
 * (SP 800-90C, RBG3(XOR)). Inputs are zeroed once they are mixed. Nothing is kept between draws.
 *
 * @throws {TypeError} without a source
 */
export function createMix(sources: readonly LocalSource[]): DrawEntropy {
  const [first, ...rest] = sources;
  if (first === undefined) throw new TypeError('an entropy mix needs at least one source');
  const names = sources.map((source) => source.name);
  const omitted: readonly string[] = [];
  return (length) => {
    const octets = readExactly(first, length);
    for (const source of rest) xorInto(octets, readExactly(source, length));
    return { octets, sources: names, omitted };
  };
}

function readExactly(source: LocalSource, length: number): Uint8Array {
  let octets: Uint8Array;
  try {
    octets = source.read(length);
  } catch (cause) {
    throw new ServiceError('backend-unavailable', { reason: `entropy source ${source.name} failed`, cause });
  }
  if (octets.length !== length) {
    throw new ServiceError('backend-unavailable', { reason: `entropy source ${source.name} gave a wrong length` });
  }
  return octets;
}

function xorInto(target: Uint8Array, input: Uint8Array): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index] = (target[index] ?? 0) ^ (input[index] ?? 0);
  }
  input.fill(0);
}
