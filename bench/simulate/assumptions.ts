/** A number that was not measured here, where it stands, and in what words. */
export interface Assumption {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

const LAMBDA_PRICES = 'https://aws.amazon.com/lambda/pricing/';
const LAMBDA_SCALING = 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html';
const FUNCTIONGRAPH_PRICES =
  'https://support.huaweicloud.com/intl/en-us/price-functiongraph/functiongraph_00_0011.html';
const FUNCTIONGRAPH_INSTANCES =
  'https://support.huaweicloud.com/intl/en-us/productdesc-functiongraph/functiongraph_02_1003.html';
const CLOUD_RUN_PRICES = 'https://cloud.google.com/run/pricing';
const KMS_QUOTAS = 'https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html';
const OURS = 'assumed';

/** When the public pages were read, some in stored copies that may be older. List prices in US dollars, without free tiers and discounts. */
export const LOOKED_UP = '2026-11-21';

const all = {
  requestsOfAMonth: [1e9, 'requests', OURS],
  secondsOfAMonth: [30 * 24 * 3600, 's', OURS],
  peakOverMean: [3, 'times', `${OURS}: the busiest hour of a day against the month’s mean`],
  burstOverPeak: [5, 'times', `${OURS}: a burst within that hour`],
  burstSeconds: [20, 's', OURS],
  tokens: [1_000, 'tokens', `${OURS}: in use at once, each as often as the others`],
  tokenTtlSeconds: [300, 's', 'the default of TOKEN_CACHE_TTL_SECONDS'],
  memoryMegabytes: [256, 'MB', `${OURS}; as in serverless.yml`],
  iamAnswerMs: [20, 'ms', `${OURS}: one validation within a region`],
  kmsAnswerMs: [8, 'ms', `${OURS}: one GenerateRandom within a region`],
  auditLineBytes: [323, 'bytes', 'counted: the line of a success behind an HTTP API, with a user id of 32 characters'],
  platformLineBytes: [
    300,
    'bytes',
    `${OURS}: START, END and REPORT of Lambda, which its system log level can leave out`,
  ],
  lambdaCpuMegabytes: [1769, 'MB', 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: one vCPU'],
  lambdaPerMillion: [0.2, '$', LAMBDA_PRICES],
  lambdaPerGigabyteSecond: [
    0.0000133334,
    '$',
    `${LAMBDA_PRICES} (arm64, first tier); the init is billed too since August 2025`,
  ],
  lambdaConcurrency: [1_000, 'instances', `${LAMBDA_SCALING}; can be raised`],
  lambdaRequestQuota: [10_000, 'requests/s', `${LAMBDA_SCALING}: ten for each instance of the quota above`],
  httpApiPerMillion: [
    1,
    '$',
    'https://aws.amazon.com/api-gateway/pricing/ (HTTP API, first 300 million); a Function URL costs nothing',
  ],
  logsPerGigabyte: [0.5, '$', 'https://aws.amazon.com/cloudwatch/pricing/ (first tier)'],
  kmsPerMillion: [3, '$', 'https://aws.amazon.com/kms/pricing/: 0.03 for 10,000'],
  kmsQuotaLeast: [10_000, 'requests/s', `${KMS_QUOTAS}: shared with all symmetric operations of account and region`],
  kmsQuotaMost: [100_000, 'requests/s', `${KMS_QUOTAS}: us-east-1, us-west-2, eu-west-1; 20,000 in six more regions`],
  functiongraphPerMillion: [0.2, '$', FUNCTIONGRAPH_PRICES],
  functiongraphPerGigabyteSecond: [0.00001667, '$', FUNCTIONGRAPH_PRICES],
  functionIdleSeconds: [60, 's', `${FUNCTIONGRAPH_INSTANCES}; of Lambda it is not public, and more`],
  functiongraphConcurrency: [1_000, 'instances', `${FUNCTIONGRAPH_INSTANCES}; can be raised`],
  huaweiKmsQuota: [
    20,
    'requests/s',
    'https://support.huaweicloud.com/intl/en-us/api-dew/dew_02_0053.html: of one user',
  ],
  containerIdleSeconds: [
    60,
    's',
    'https://knative.dev/docs/serving/autoscaling/kpa-specific/: the default stable window; not read again',
  ],
  containerCpuUse: [0.6, 'of a CPU', `${OURS}: how full the autoscaler keeps an instance`],
  cloudRunPerCpuSecond: [
    0.000018,
    '$',
    `${CLOUD_RUN_PRICES} (CPU always allocated), as the price of a managed Knative`,
  ],
  cloudRunPerGigabyteSecond: [
    0.000002,
    '$',
    `${CLOUD_RUN_PRICES} (CPU always allocated); not seen in the copy that was read`,
  ],
} as const satisfies Record<string, readonly [value: number, unit: string, source: string]>;

export type AssumptionName = keyof typeof all;

export const ASSUMPTIONS: readonly Assumption[] = Object.entries(all).map(([name, [value, unit, source]]) => ({
  name,
  value,
  unit,
  source,
}));

export function assumed(name: AssumptionName): number {
  return all[name][0];
}
