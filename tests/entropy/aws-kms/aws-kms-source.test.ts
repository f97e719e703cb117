import { createAwsKmsSource } from '../../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createKmsCall } from '../../../lib/entropy/aws-kms/kms-call.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { startKmsBackend } from '../../support/kms-backend.ts';
import { PAUSE_MS, remoteSourceContract } from '../../support/kms-source-contract.ts';

// The real SDK against a KMS on loopback, found by the SDK's own variables.
remoteSourceContract('aws-kms', async () => {
  const backend = await startKmsBackend(awsDialect);
  Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: backend.origin });
  const load = async () => createKmsCall();
  return { backend, make: (pauseMs = PAUSE_MS) => createAwsKmsSource({ load, pauseMs: () => pauseMs }) };
});
