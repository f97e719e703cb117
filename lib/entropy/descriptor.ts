import type { ValuesOf, Variables } from '../forms.ts';
import type { AccessKeys } from '../huawei-signing/sign-request.ts';
import type { Agents } from '../outbound/agents.ts';
import type { Send } from '../outbound/send.ts';
import type { EntropySource } from './source.ts';

/** What this machine offers the sources. The caller finds it out. */
export interface Machine {
  /** Whether the kernel's random device exists. */
  readonly hasKernelRandom: boolean;
  /** False if the AWS SDK is not packed beside this bundle. */
  readonly hasKmsChunk?: boolean;
  /** Whether the platform hands out temporary keys for Huawei's KMS. */
  readonly hasAgencyKeys?: boolean;
}

/** What a source may need beyond its own variables. */
export interface SourceParts {
  readonly createSend: () => Send;
  /** For a library that makes requests of its own. Undefined where nothing goes through a proxy. */
  readonly createAgents: () => Promise<Agents | undefined>;
  /** Milliseconds for one draw, all attempts included. */
  readonly timeoutMs: number;
  /** Milliseconds before the second attempt, random: callers that failed together must not retry together. */
  readonly pauseMs: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The temporary keys of the platform; undefined if there are none now. */
  readonly agencyKeys: () => AccessKeys | undefined;
}

/** All that the service knows of one kind of source. `sources.ts` lists them. */
export interface SourceDescriptor<Name extends string, V extends Variables> {
  /** As in `ENTROPY_SOURCES`. */
  readonly name: Name;
  /** Its configuration variables. */
  readonly variables: V;
  /** The variables that must be set if `ENTROPY_SOURCES` names this source. */
  readonly needs: (values: ValuesOf<V>, machine: Machine) => readonly (keyof V & string)[];
  /** Why this machine cannot have the source; continues "ENTROPY_SOURCES names <name>, but …". */
  readonly obstacle?: (machine: Machine) => string | undefined;
  /** Gets a configuration that has everything in `needs`. */
  readonly create: (values: ValuesOf<V>, parts: SourceParts) => EntropySource;
}

/** Infers the type of each part. */
export function describeSource<const Name extends string, V extends Variables>(
  descriptor: SourceDescriptor<Name, V>,
): SourceDescriptor<Name, V> {
  return descriptor;
}
