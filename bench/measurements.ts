import type { Measurement } from './measurement.ts';
import { bundle } from './measurements/bundle.ts';
import { cachedVerification, growth, invocationParts, warmInvocation } from './measurements/invocations.ts';
import { peers } from './measurements/peers.ts';
import { connections, httpServer, memory } from './measurements/servers.ts';
import { coldStart, coldStartKms, functiongraph, lambdaDuration } from './measurements/starts.ts';

/** All of them, in the order of the page. */
export const MEASUREMENTS: readonly Measurement[] = [
  coldStart,
  coldStartKms,
  functiongraph,
  bundle,
  warmInvocation,
  invocationParts,
  lambdaDuration,
  cachedVerification,
  httpServer,
  memory,
  peers,
  growth,
  connections,
];
