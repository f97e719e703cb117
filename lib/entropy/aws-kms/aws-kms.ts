import { matching } from '../../forms.ts';
import type { Agents } from '../../outbound/agents.ts';
import { describeSource } from '../descriptor.ts';
import { createAwsKmsSource } from './aws-kms-source.ts';
import type { KmsCall } from './kms-call.ts';

export const awsKms = describeSource({
  name: 'aws-kms',
  // The SDK reads everything else from its own variables.
  variables: { AWS_REGION: matching(/^[a-z0-9-]{1,64}$/, 'must be a region such as eu-central-1') },
  needs: () => ['AWS_REGION'],
  obstacle: ({ hasKmsChunk = true }) =>
    hasKmsChunk ? undefined : 'kms.js is not packed beside this bundle (--param=kms=on)',
  create: (_values, { createAgents, pauseMs }) =>
    createAwsKmsSource({ load: async () => loadKmsCall(await createAgents()), pauseMs }),
});

/** In a bundle this is the file `kms.js` beside it. */
async function loadKmsCall(agents: Agents | undefined): Promise<KmsCall> {
  const { createKmsCall } = await import('./kms-call.ts');
  return createKmsCall(agents);
}
