import { join } from 'node:path';
import { AWS_ENVIRONMENT, awsDialect } from '../../tests/support/kms-aws-dialect.ts';
import { startKmsBackend } from '../../tests/support/kms-backend.ts';
import { STATIC_ENVIRONMENT } from './project.ts';
import type { ColdStart } from './runtime-client.ts';
import type { Scope } from './scope.ts';

/** The function with AWS KMS among its sources, and a KMS on loopback that checks signatures. */
export async function kmsFunction(scope: Scope, artefacts: string): Promise<ColdStart> {
  const backend = await startKmsBackend(awsDialect);
  scope.after(() => backend.close());
  return {
    folder: join(artefacts, 'lambda'),
    variables: {
      ...STATIC_ENVIRONMENT,
      ...AWS_ENVIRONMENT,
      AWS_ENDPOINT_URL_KMS: backend.origin,
      ENTROPY_SOURCES: 'aws-kms,node-crypto,os',
    },
  };
}
