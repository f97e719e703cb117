import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { GenerateRandomCommand, KMSClient } from '@aws-sdk/client-kms';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Agents } from '../../outbound/agents.ts';

/** One call of KMS GenerateRandom, without a retry. Rejects with what the SDK throws. @returns what KMS sent, unchecked */
export type KmsCall = (length: number, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** Milliseconds that the SDK may take for credentials. */
export interface CredentialsLimits {
  /** For one HTTP request, its answer included. */
  readonly requestMs: number;
  /** For all that one call needs. */
  readonly fetchMs: number;
}

/**
 * A request has twice what the SDK means to wait for an endpoint of the container or the machine, because STS may be far away. A fetch may
 * lose one request. Both together end well before the five seconds in which draws must succeed again.
 */
const LIMITS: CredentialsLimits = { requestMs: 2_000, fetchMs: 3_000 };

/**
 * The SDK and what keeps its credentials from hanging: this file is a bundle of its own, loaded only where `aws-kms` is configured. It
 * throws no error class of ours, because a class would differ from the one in the bundle beside it. Region, endpoint and credentials come
 * from the SDK's own environment variables.
 *
 * @param agents undefined: the SDK's own
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
 * The SDK shares one fetch of credentials among all its calls. Its own time-out only warns, the signal of a call does not reach the fetch,
 * and an answer of the machine's metadata service that breaks off leaves it waiting: one fetch that hangs would hold up every call for
 * ever. So each HTTP request is ended in time, after which the SDK asks again, and a fetch that hangs all the same is forgotten with
 * the provider that waits for it.
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

/** What Node publishes of an HTTP request that begins. */
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

/** With this code the SDK takes it for a time-out of its own. */
function timedOut(): Error {
  return Object.assign(new Error('no credentials in time'), { code: 'ETIMEDOUT' });
}
