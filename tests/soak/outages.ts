import type { Refusal } from '../support/contract.ts';
import type { IamBackend } from '../support/iam-backend.ts';
import type { KmsBackend } from '../support/kms-backend.ts';
import type { SoakedContainer } from './container.ts';

export interface Parts {
  readonly iam: IamBackend;
  readonly kms: KmsBackend;
  readonly container: SoakedContainer;
}

/** A fault that comes and goes. */
export interface Outage {
  readonly name: string;
  begin(parts: Parts): unknown;
  end(parts: Parts): unknown;
  /** What a request that needs IAM may get instead. */
  readonly iam?: Refusal;
  /** Whether answers may lack `huawei-kms`. */
  readonly isOfKms?: boolean;
  /** Whether requests may be turned away because lines cannot be written. */
  readonly isOfLog?: boolean;
}

const ofIam = (name: string, behaviour: Parameters<IamBackend['behave']>[0], iam?: Refusal): Outage => ({
  name: `IAM ${name}`,
  begin: (parts) => parts.iam.behave(behaviour),
  end: (parts) => parts.iam.behave('good'),
  ...(iam && { iam }),
});

const ofKms = (name: string, behaviour: Parameters<KmsBackend['behave']>[0]): Outage => ({
  name: `huawei-kms ${name}`,
  begin: ({ kms }) => kms.behave(behaviour),
  end: ({ kms }) => kms.behave('good'),
  isOfKms: true,
});

/** In their order; after the last comes the first. */
export const OUTAGES: readonly Outage[] = [
  ofKms('is silent', 'silent'),
  ofIam('refuses connections', 'refusing', '502 APIGW.0201'),
  ofKms('throttles', 'throttled'),
  ofIam('is silent', 'silent', '504 APIGW.0201'),
  {
    name: 'the reader of standard output pauses',
    begin: ({ container }) => container.setReading(false),
    end: ({ container }) => container.setReading(true),
    isOfLog: true,
  },
  ofKms('is stuck', 'stuck'),
  ofIam('is slow', 'slow'),
  ofKms('resets connections', 'reset'),
  ofIam('answers 503', 'server-error', '502 APIGW.0201'),
  ofIam('throttles', 'throttling', '502 APIGW.0201'),
];

/** When a fault was there, on the monotonic clock; still is, if it has no end. */
export interface Occurrence {
  readonly outage: Outage;
  readonly beganMs: number;
  endedMs: number | undefined;
}

/** The faults that may show in what happened between two moments. @param afterMs how long one shows after its end */
export function during(all: readonly Occurrence[], fromMs: number, toMs: number, afterMs: number): readonly Outage[] {
  return all
    .filter(({ beganMs, endedMs = Number.POSITIVE_INFINITY }) => beganMs <= toMs && endedMs + afterMs >= fromMs)
    .map(({ outage }) => outage);
}
