import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Reason } from '../../lib/reasons.ts';
import type { Outcome } from '../../lib/telemetry/observer.ts';
import { type CredentialsBehaviour, startCredentialsEndpoint } from '../support/aws-credentials.ts';
import type { Refusal } from '../support/contract.ts';
import { awsDialect } from '../support/kms-aws-dialect.ts';
import { startKmsBackend } from '../support/kms-backend.ts';
import { STATIC } from '../support/started-service.ts';
import type { Fault } from './fault.ts';
import { startWorld } from './world.ts';

const BACK_MS = 5_000;

interface Row {
  readonly name: string;
  readonly behaviour: CredentialsBehaviour;
  readonly answer: Refusal;
  readonly reason: Reason;
  readonly outcome: Outcome;
  /** Milliseconds of a draw: the SDK asks an endpoint that answers 500 some times more. */
  readonly timeoutMs: number;
}

const LATE = { answer: '504 APIGW.0201', reason: 'source-timeout', outcome: 'timeout', timeoutMs: 300 } as const;
const BAD = { answer: '502 APIGW.0201', reason: 'source-failed', outcome: 'bad-answer', timeoutMs: 3_500 } as const;

const ROWS: readonly Row[] = [
  { name: 'is silent', behaviour: 'silent', ...LATE },
  { name: 'stops in the middle of its answer', behaviour: 'half-an-answer', ...LATE },
  { name: 'answers 500', behaviour: 'server-error', ...BAD },
];

const seriesOf = (outcome: Outcome): string =>
  `gen_random_dependency_requests_total{dependency="aws-kms",outcome="${outcome}"}`;

async function check(context: TestContext, { behaviour, answer, reason, outcome, timeoutMs }: Row): Promise<void> {
  const kms = await startKmsBackend(awsDialect);
  const endpoint = await startCredentialsEndpoint();
  context.after(() => {
    kms.close();
    endpoint.close();
  });
  endpoint.behave(behaviour);
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  const environment = { ...endpoint.environment('container'), AWS_ENDPOINT_URL_KMS: kms.origin };
  Object.assign(process.env, environment);
  const sources = { ENTROPY_SOURCES: 'node-crypto,os,aws-kms', ENTROPY_TIMEOUT_MS: String(timeoutMs) };
  const world = await startWorld(context, { ...STATIC, ...environment, ...sources });
  await world.expects(answer, reason);
  assert.ok((await world.metric(seriesOf(outcome))) > 0);
  endpoint.behave('good');
  await world.heals(BACK_MS);
}

export const CREDENTIAL_FAULTS: readonly Fault[] = ROWS.map((row) => {
  const { name, answer, reason, outcome } = row;
  return {
    name: `the endpoint of the credentials of \`aws-kms\` ${name}`,
    client: `${answer}; under \`degrade\` 200 with \`X-Entropy-Degraded\`. 200 while earlier credentials live`,
    reason,
    metric: seriesOf(outcome),
    alert: 'GenRandomSourceFailing',
    heals: `within ${BACK_MS / 1000} seconds`,
    run: (context) => check(context, row),
  };
});
