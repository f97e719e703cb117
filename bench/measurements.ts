import type { Measurement } from './measurement.ts';
import { bundle } from './measurements/bundle.ts';
import { cachedVerification } from './measurements/cached-verification.ts';
import { coldStart } from './measurements/cold-start.ts';
import { coldStartKms } from './measurements/cold-start-kms.ts';
import { connections } from './measurements/connections.ts';
import { functiongraph } from './measurements/functiongraph.ts';
import { growth } from './measurements/growth.ts';
import { httpServer } from './measurements/http-server.ts';
import { invocationParts } from './measurements/invocation-parts.ts';
import { lambdaDuration } from './measurements/lambda-duration.ts';
import { memory } from './measurements/memory.ts';
import { peers } from './measurements/peers.ts';
import { warmInvocation } from './measurements/warm-invocation.ts';

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
