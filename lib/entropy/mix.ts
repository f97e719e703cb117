import { ServiceError } from '../errors.ts';
import { PLATFORM_DEADLINE_MARGIN_MS } from '../limits.ts';
import type { Draw, DrawEntropy } from './draw.ts';
import { BLOCK_OCTETS } from './health.ts';
import type { MonitoredLocal, MonitoredRemote } from './monitor.ts';

export interface MixOptions {
  /** At least one; each is tested, and names are unique. */
  readonly sources: readonly (MonitoredLocal | MonitoredRemote)[];
  /** `refuse`: any source failing fails the draw. `degrade`: it is left out while another is left, and the draw says so. */
  readonly onFailure: 'refuse' | 'degrade';
  /** Milliseconds for one draw, all attempts of all sources included. */
  readonly timeoutMs: number;
}

/**
 * XOR of all sources, each of exactly the octets asked for: as good as the best of them while they are independent
 * (SP 800-90C, RBG3(XOR)). Remote sources are asked side by side; local ones are read when the remote answers are in, so that no
 * remote source can fit its octets to the others. Inputs are zeroed once they are mixed, and nothing is kept.
 *
 * @throws {TypeError} without a source, or with two of one name
 */
export function createMix({ sources, onFailure, timeoutMs }: MixOptions): DrawEntropy {
  if (sources.length === 0) throw new TypeError('an entropy mix needs at least one source');
  const remotes = sources.filter((source) => source.kind === 'remote');
  const locals = sources.filter((source) => source.kind === 'local');
  const ordered = [...remotes, ...locals].map((source) => source.name);
  if (new Set(ordered).size < ordered.length) throw new TypeError('two entropy sources have one name');
  const finish = (intake: Intake, length: number): Draw => {
    for (const source of locals) readLocal(source, length, intake);
    return combine(intake, ordered, onFailure);
  };
  if (remotes.length === 0) return (length) => finish(createIntake(), length);
  return async (length, remainingMs = Number.POSITIVE_INFINITY) => {
    const intake = createIntake();
    const leftMs = Math.min(timeoutMs, Math.max(0, remainingMs - PLATFORM_DEADLINE_MARGIN_MS));
    await readRemotes(remotes, length, { intake, leftMs, stopAtFailure: onFailure === 'refuse' });
    return finish(intake, length);
  };
}

/** What has come in for one draw. Failures stand in the order of time: the first one explains the others. */
interface Intake {
  readonly octets: Map<string, Uint8Array>;
  readonly failures: unknown[];
}

function createIntake(): Intake {
  return { octets: new Map(), failures: [] };
}

function readLocal(source: MonitoredLocal, length: number, intake: Intake): void {
  try {
    intake.octets.set(source.name, source.read(length));
  } catch (failure) {
    intake.failures.push(failure);
  }
}

async function readRemotes(
  remotes: readonly MonitoredRemote[],
  length: number,
  { intake, leftMs, stopAtFailure }: { intake: Intake; leftMs: number; stopAtFailure: boolean },
): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), leftMs);
  const read = async (source: MonitoredRemote): Promise<void> => {
    try {
      intake.octets.set(source.name, await source.read(length, deadline.signal));
    } catch (failure) {
      intake.failures.push(failure);
      if (stopAtFailure) deadline.abort();
    }
  };
  await Promise.all(remotes.map(read));
  clearTimeout(timer);
}

function combine({ octets, failures }: Intake, ordered: readonly string[], onFailure: MixOptions['onFailure']): Draw {
  const inputs = [...octets.values()];
  const [result, ...others] = inputs;
  try {
    if (failures.length > 0 && (onFailure === 'refuse' || result === undefined)) throw failures[0];
    if (result === undefined) throw new ServiceError('defect', { reason: 'no entropy source was read' });
    assertAllDifferent(inputs);
    const mixed = Uint8Array.from(result);
    for (const input of others) xorInto(mixed, input);
    const sources = failures.length === 0 ? ordered : ordered.filter((name) => octets.has(name));
    const omitted = failures.length === 0 ? NONE : ordered.filter((name) => !octets.has(name));
    return { octets: mixed, sources, omitted };
  } finally {
    for (const input of inputs) input.fill(0);
  }
}

const NONE: readonly string[] = [];

/** XOR of two equal inputs is nothing. Which of the two is the copy cannot be told, so neither is used. */
function assertAllDifferent(inputs: readonly Uint8Array[]): void {
  inputs.forEach((input, index) => {
    if (input.length < BLOCK_OCTETS) return;
    for (const other of inputs.slice(index + 1)) {
      if (Buffer.compare(input, other) !== 0) continue;
      throw new ServiceError('entropy-unhealthy', { reason: 'two entropy sources gave equal octets' });
    }
  });
}

function xorInto(target: Uint8Array, input: Uint8Array): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index] = (target[index] ?? 0) ^ (input[index] ?? 0);
  }
}
