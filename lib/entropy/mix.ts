import { ServiceError } from '../errors.ts';
import { FAIR_CHANCE_MS } from '../limits.ts';
import type { Draw, DrawEntropy } from './draw.ts';
import { CUT_SHORT } from './failure-streak.ts';
import { BLOCK_BYTES } from './health-test.ts';
import type { TestedLocal, TestedRemote } from './tested-source.ts';

export interface MixOptions {
  /** At least one; each is tested, and names are unique. */
  readonly sources: readonly (TestedLocal | TestedRemote)[];
  /** `refuse`: any source failing fails the draw. `degrade`: it is left out while another is left, and the draw says so. */
  readonly onFailure: 'refuse' | 'degrade';
  /** Milliseconds for one draw, all attempts of all sources included. */
  readonly timeoutMs: number;
}

/**
 * XOR of all sources, each of exactly the bytes asked for: as good as the best of them while they are independent
 * (SP 800-90C, RBG3(XOR)). Remote sources are asked side by side; local ones are read when the remote answers are in, so that no
 * remote source can fit its bytes to the others. Inputs are zeroed once they are mixed, and nothing is kept.
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
    const leftMs = Math.min(timeoutMs, remainingMs);
    const isFair = leftMs >= Math.min(timeoutMs, FAIR_CHANCE_MS);
    await readRemotes(remotes, length, { intake, leftMs, isFair, stopAtFailure: onFailure === 'refuse' });
    return finish(intake, length);
  };
}

/** What has come in for one draw: who gave what. Failures stand in the order of time: the first one explains the others. */
interface Intake {
  readonly names: string[];
  readonly inputs: Uint8Array[];
  readonly failures: unknown[];
}

function createIntake(): Intake {
  return { names: [], inputs: [], failures: [] };
}

function take(intake: Intake, name: string, bytes: Uint8Array): void {
  intake.names.push(name);
  intake.inputs.push(bytes);
}

function readLocal(source: TestedLocal, length: number, intake: Intake): void {
  try {
    take(intake, source.name, source.read(length));
  } catch (failure) {
    intake.failures.push(failure);
  }
}

interface RemoteReads {
  readonly intake: Intake;
  /** Milliseconds. */
  readonly leftMs: number;
  /** Whether a source that works answers within `leftMs`. */
  readonly isFair: boolean;
  readonly stopAtFailure: boolean;
}

async function readRemotes(
  remotes: readonly TestedRemote[],
  length: number,
  { intake, leftMs, isFair, stopAtFailure }: RemoteReads,
): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(isFair ? undefined : CUT_SHORT), leftMs);
  const read = async (source: TestedRemote): Promise<void> => {
    try {
      take(intake, source.name, await source.read(length, deadline.signal));
    } catch (failure) {
      intake.failures.push(failure);
      if (stopAtFailure) deadline.abort(CUT_SHORT);
    }
  };
  await Promise.all(remotes.map(read));
  clearTimeout(timer);
}

const NONE: readonly string[] = [];

function combine(intake: Intake, ordered: readonly string[], onFailure: MixOptions['onFailure']): Draw {
  const { names, inputs, failures } = intake;
  try {
    const bytes = mixed(intake, onFailure);
    if (failures.length === 0) return { bytes, sources: ordered, omitted: NONE };
    const isIn = (name: string): boolean => names.includes(name);
    return { bytes, sources: ordered.filter(isIn), omitted: ordered.filter((name) => !isIn(name)) };
  } finally {
    for (const input of inputs) input.fill(0);
  }
}

function mixed({ inputs, failures }: Intake, onFailure: MixOptions['onFailure']): Uint8Array {
  const first = inputs[0];
  if (first === undefined || (failures.length > 0 && onFailure === 'refuse')) throw failures[0];
  for (let index = 1; index < inputs.length; index += 1) assertNoCopyBefore(inputs, index);
  // Not `slice`: that of a Buffer is the same memory, which is zeroed in a moment.
  const bytes = new Uint8Array(first);
  for (let index = 1; index < inputs.length; index += 1) {
    const input = inputs[index] ?? first;
    xorInto(bytes, input);
  }
  return bytes;
}

/** XOR of two equal inputs is nothing. Which of the two is the copy cannot be told, so neither is used. */
function assertNoCopyBefore(inputs: readonly Uint8Array[], index: number): void {
  const input = inputs[index];
  if (input === undefined || input.length < BLOCK_BYTES) return;
  for (let before = 0; before < index; before += 1) {
    if (!isEqual(inputs[before] ?? input, input)) continue;
    throw new ServiceError('entropy-unhealthy', { reason: 'sources-equal' });
  }
}

/** Not in constant time: it ends at the first byte or two of what is random, and tells nobody. */
function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

function xorInto(target: Uint8Array, input: Uint8Array): void {
  for (let index = 0; index < target.length; index += 1) target[index] = (target[index] ?? 0) ^ (input[index] ?? 0);
}
