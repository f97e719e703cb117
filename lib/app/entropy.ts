import { randomInt } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { SourceParts } from '../entropy/descriptor.ts';
import type { DrawEntropy } from '../entropy/draw.ts';
import { type LeaveOutOptions, leaveOutWhileFailing } from '../entropy/leave-out.ts';
import { createMix } from '../entropy/mix.ts';
import { SOURCES } from '../entropy/sources.ts';
import { type TestOptions, testLocal, testRemote } from '../entropy/tested-source.ts';
import { RETRY_PAUSE_MAX_MS, RETRY_PAUSE_MIN_MS } from '../limits.ts';
import { createProxyAgents } from '../outbound/agents.ts';
import { createSend } from '../outbound/send.ts';
import { createWatch, type Watch } from './watch.ts';

export interface ConfiguredEntropy {
  readonly draw: DrawEntropy;
  /** Whether a draw can succeed now: all sources are open, or under `degrade` at least one. */
  readonly isReady: () => boolean;
  /** Whether a source serves now. */
  readonly isOpen: (name: string) => boolean;
  /** Resolves when every remote source was asked once, with or without success. Undefined if there is none. */
  readonly warmedUp: Promise<unknown> | undefined;
}

export interface EntropyParts
  extends TestOptions,
    Watch,
    Pick<LeaveOutOptions, 'after'>,
    Pick<SourceParts, 'agencyKeys'> {}

/** The configured sources, tested and mixed. */
export function createEntropy(config: Config, entropyParts: EntropyParts): ConfiguredEntropy {
  const { agencyKeys, after, monotonicMs } = entropyParts;
  const watch = createWatch(entropyParts);
  const { ENTROPY_SOURCES: names, ENTROPY_TIMEOUT_MS: timeoutMs, ENTROPY_ON_FAILURE: onFailure } = config;
  const { proxy } = config;
  const parts: SourceParts = {
    createSend: () => createSend(proxy),
    createAgents: async () => proxy && createProxyAgents(proxy),
    timeoutMs,
    pauseMs,
    now: Date.now,
    agencyKeys,
  };
  const warmUps: Promise<void>[] = [];
  const chosen = names.flatMap((name) => SOURCES.filter((descriptor) => descriptor.name === name));
  const sources = chosen.map((descriptor) => {
    const source = descriptor.create(config, parts);
    if (source.kind === 'local') return watch.local(testLocal(source, entropyParts));
    const tested = testRemote(source, entropyParts);
    warmUps.push(tested.warmUp(AbortSignal.timeout(timeoutMs)));
    // Outermost: a source that is left out is not asked, so no draw from it is counted.
    const watched = watch.remote(tested);
    return onFailure === 'refuse' ? watched : leaveOutWhileFailing(watched, { after, monotonicMs, timeoutMs });
  });
  const isReady = (): boolean =>
    onFailure === 'refuse' ? sources.every((source) => source.isOpen()) : sources.some((source) => source.isOpen());
  return {
    draw: createMix({ sources, onFailure, timeoutMs }),
    isReady,
    isOpen: (name) => sources.some((source) => source.name === name && source.isOpen()),
    warmedUp: warmUps.length > 0 ? Promise.all(warmUps) : undefined,
  };
}

const pauseMs = (): number => randomInt(RETRY_PAUSE_MIN_MS, RETRY_PAUSE_MAX_MS + 1);
