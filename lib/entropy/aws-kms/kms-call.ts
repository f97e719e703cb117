import { GenerateRandomCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Agents } from '../../outbound/agents.ts';

/** One call of KMS GenerateRandom, without a retry. Rejects with what the SDK throws. @returns what KMS sent, unchecked */
export type KmsCall = (length: number, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/**
 * The SDK and nothing else: this file is a bundle of its own, which is loaded only where `aws-kms` is configured. It throws nothing
 * of ours, for a class would be another one here than in the bundle beside it. Region, endpoint and credentials come from the SDK's
 * own environment variables.
 *
 * @param agents undefined: the SDK's own
 */
export function createKmsCall(agents?: Agents): KmsCall {
  const client = new KMSClient({ maxAttempts: 1, ...(agents && { requestHandler: agents }) });
  return async (length, signal) => {
    const command = new GenerateRandomCommand({ NumberOfBytes: length });
    const { Plaintext } = await client.send(command, { abortSignal: signal });
    return Plaintext;
  };
}
