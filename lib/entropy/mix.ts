import { ServiceError } from '../errors.ts';
import { FAIR_CHANCE_MS } from '../limits.ts';
import type { Draw, DrawEntropy } from './draw.ts';
import { CUT_SHORT } from './failure-streak.ts';
import { BLOCK_BYTES } from './health-test.ts';
import type { TestedLocal, TestedRemote } from './tested-source.ts';

export interface MixOptions {
  /** At least one. Each is tested, and names are unique. */
  readonly sources: readonly (TestedLocal | TestedRemote)[];
  /**
   * `refuse`: any failed source fails the draw. `degrade`: a failed source is left out while another one is left, and
   * the draw says so.
   */
  readonly onFailure: 'refuse' | 'degrade';
  /** Milliseconds for one draw, all attempts of all sources included. */
  readonly timeoutMs: number;
}

/**
 * XOR of all sources, each read for exactly the bytes requested: as good as the best of them if they are independent
 * (SP 800-90C, RBG3(XOR)). Remote sources are asked in parallel. Local ones are read after all remote answers, so that
 * no remote source can choose bytes that cancel theirs. Inputs are zeroed after the mix, and nothing is kept.
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

/** The inputs of one draw and their sources. Failures are in the order of time: the first one explains the others. */
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
  /** Whether a working source would answer within `leftMs`. */
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
  // Not `slice`: a slice of a Buffer shares its memory, which is zeroed below.
  const bytes = new Uint8Array(first);
  for (let index = 1; index < inputs.length; index += 1) {
    const input = inputs[index] ?? first;
    xorInto(bytes, input);
  }
  return bytes;
}

/** Two equal inputs cancel out. Nobody can tell which one is the copy, so the draw uses neither. */
function assertNoCopyBefore(inputs: readonly Uint8Array[], index: number): void {
  const input = inputs[index];
  if (input === undefined || input.length < BLOCK_BYTES) return;
  for (let before = 0; before < index; before += 1) {
    if (!isEqual(inputs[before] ?? input, input)) continue;
    throw new ServiceError('entropy-unhealthy', { reason: 'sources-equal' });
  }
}

/** Not in constant time: for random inputs it ends after a byte or two, and the time reveals nothing. */
function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

function xorInto(target: Uint8Array, input: Uint8Array): void {
  for (let index = 0; index < target.length; index += 1) target[index] = (target[index] ?? 0) ^ (input[index] ?? 0);
}
