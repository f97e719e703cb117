import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { GenerateRandomCommand, KMSClient } from '@aws-sdk/client-kms';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Agents } from '../../outbound/agents.ts';

/**
 * One call of KMS GenerateRandom, without a retry. Rejects with what the SDK throws. @returns what KMS sent, unchecked
 */
export type KmsCall = (length: number, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** Milliseconds that the SDK may take for credentials. */
export interface CredentialsLimits {
  /** For one HTTP request, its answer included. */
  readonly requestMs: number;
  /** For all that one call needs. */
  readonly fetchMs: number;
}

/**
 * A request gets twice the time that the SDK intends for an endpoint of the container or machine, because STS may be
 * far away. A fetch may lose one request. Both limits keep the promise that draws succeed 5 seconds after an endpoint
 * comes back.
 */
const LIMITS: CredentialsLimits = { requestMs: 2_000, fetchMs: 3_000 };

/**
 * The SDK, and what keeps its credentials from hanging. This file is a bundle of its own, loaded only if `aws-kms` is
 * configured. It throws no error class of ours, because the bundle beside it has another copy of each class. Region,
 * endpoint and credentials come from the environment variables of the SDK.
 *
 * @param agents undefined: the agents of the SDK
 */
export function createKmsCall(agents?: Agents, limits: CredentialsLimits = LIMITS): KmsCall {
  const client = new KMSClient({
    maxAttempts: 1,
    ...(agents && { requestHandler: agents }),
    credentialDefaultProvider: (init) => neverHanging(() => defaultProvider(init), limits),
  });
  return async (length, signal) => {
    const command = new GenerateRandomCommand({ NumberOfBytes: length });
    const { Plaintext } = await client.send(command, { abortSignal: signal });
    return Plaintext;
  };
}

type Provider<Parameters extends unknown[], Credentials> = (...parameters: Parameters) => Promise<Credentials>;

/**
 * The SDK shares one fetch of credentials among all its calls, and without this a fetch that hangs would hold up every
 * later call. Nothing else ends it: its own time-out only warns, the signal of a call does not reach it, and a
 * broken-off answer of the metadata service of a machine leaves it waiting. So each HTTP request is ended in time,
 * after which the SDK asks again. If a fetch hangs all the same, a new provider replaces the one that waits for it.
 */
function neverHanging<Parameters extends unknown[], Credentials>(
  make: () => Provider<Parameters, Credentials>,
  { requestMs, fetchMs }: CredentialsLimits,
): Provider<Parameters, Credentials> {
  const fetching = new AsyncLocalStorage<true>();
  subscribe('http.client.request.start', (message) => {
    if (fetching.getStore() === true) endInTime((message as StartMessage).request, requestMs);
  });
  let provider = make();
  return async (...parameters) => {
    const current = provider;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        if (provider === current) provider = make();
        reject(timedOut());
      }, fetchMs);
    });
    const fetched = fetching.run(true, () => current(...parameters));
    return Promise.race([fetched, late]).finally(() => clearTimeout(timer));
  };
}

/** What Node publishes when an HTTP request begins. */
interface StartMessage {
  readonly request: {
    destroy(error: Error): unknown;
    once(event: 'close', listener: () => void): unknown;
  };
}

function endInTime(request: StartMessage['request'], limitMs: number): void {
  const timer = setTimeout(() => request.destroy(timedOut()), limitMs);
  request.once('close', () => clearTimeout(timer));
}

/** With this code the SDK treats the error as a time-out of its own. */
function timedOut(): Error {
  return Object.assign(new Error('no credentials in time'), { code: 'ETIMEDOUT' });
}
