import type { Reason } from './reasons.ts';

/** One row: what a client sees. The sentence is fixed; nothing a client sent is ever part of it. */
interface CatalogueRow {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Huawei's error code, `KMS.*` or `APIGW.*`. */
  readonly code: string;
  readonly message: string;
  /** Seconds after which a repetition makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/**
 * Every error of the service, in the order in which a request meets the checks. The only place that spells a code or a
 * sentence. Codes and sentences are those of Huawei's KMS (`KMS.*`) and of the gateway before its services (`APIGW.*`).
 */
export const CATALOGUE = {
  'path-unknown': {
    status: 404,
    code: 'APIGW.0101',
    message: 'The API does not exist or has not been published in the environment.',
  },
  'method-unsupported': { status: 405, code: 'KMS.0215', message: 'Request method not supported.' },
  'project-id-malformed': { status: 400, code: 'KMS.0201', message: 'Invalid request URL.' },
  'credential-missing': { status: 401, code: 'KMS.0301', message: 'Invalid or null X-Auth-Token.' },
  'signature-refused': {
    status: 401,
    code: 'APIGW.0301',
    message: 'Incorrect IAM authentication information.',
  },
  'token-unknown': { status: 403, code: 'KMS.0302', message: 'Invalid X-Auth-Token.' },
  'token-expired': { status: 403, code: 'KMS.0303', message: 'X-Auth-Token expired.' },
  'token-unscoped': { status: 403, code: 'KMS.0305', message: 'Invalid X-Auth-Token project name.' },
  'project-mismatch': { status: 403, code: 'KMS.0321', message: 'URIs in URL and X-Auth-Token do not match.' },
  'role-missing': { status: 403, code: 'KMS.0307', message: 'No access permissions.' },
  'format-invalid': { status: 400, code: 'KMS.0214', message: 'The request format is invalid.' },
  'body-too-long': { status: 400, code: 'KMS.0203', message: 'Request message too long.' },
  'body-not-json': { status: 400, code: 'KMS.0202', message: 'Invalid JSON format of the request message.' },
  'length-missing': { status: 400, code: 'KMS.0204', message: 'Parameters missing in the request message.' },
  'length-not-integer': { status: 400, code: 'KMS.0308', message: 'Invalid parameter.' },
  'length-out-of-range': {
    status: 400,
    code: 'KMS.1801',
    message: 'random_data_length must be in the range 8 bits to 8,192 bits.',
  },
  'length-not-whole-bytes': {
    status: 400,
    code: 'KMS.1802',
    message: 'random_data_length must be a multiple of 8.',
  },
  'sequence-invalid': { status: 400, code: 'KMS.0206', message: 'Invalid sequence number.' },
  'request-too-slow': { status: 408, code: 'KMS.0214', message: 'The request format is invalid.' },
  throttled: {
    status: 429,
    code: 'APIGW.0308',
    message: 'The throttling threshold has been reached.',
    retryAfterSeconds: 1,
  },
  'headers-too-large': { status: 431, code: 'KMS.0203', message: 'Request message too long.' },
  defect: {
    status: 500,
    code: 'KMS.0103',
    message: 'A system exception occurred. Contact technical support.',
  },
  'entropy-unhealthy': { status: 500, code: 'KMS.0101', message: 'KMS error.' },
  // Huawei's guidance to KMS clients is to come back after 5 to 8 seconds on 502 and 504.
  'backend-unavailable': { status: 502, code: 'APIGW.0201', message: 'Backend unavailable.', retryAfterSeconds: 5 },
  'backend-timeout': { status: 504, code: 'APIGW.0201', message: 'Backend timeout.', retryAfterSeconds: 5 },
} as const satisfies Record<string, CatalogueRow>;

export type ErrorKey = keyof typeof CATALOGUE;

export interface ServiceErrorOptions {
  /** Why, for the log. May be left out where the key of the row is the reason too. */
  readonly reason?: Reason;
  /** More about it for the log: fixed words, names and numbers; never a value that a client or a backend sent. */
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

/** The one error that the service throws on purpose: a row of the catalogue and the reason behind it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly key: ErrorKey;
  readonly reason: Reason;
  readonly detail: string | undefined;

  constructor(key: ErrorKey & Reason, options?: ServiceErrorOptions);
  constructor(key: ErrorKey, options: ServiceErrorOptions & { readonly reason: Reason });
  constructor(key: ErrorKey, { reason, detail, cause }: ServiceErrorOptions = {}) {
    super(CATALOGUE[key].message, { cause });
    this.key = key;
    this.reason = reason ?? (key as ErrorKey & Reason);
    this.detail = detail;
  }
}

/** The row of an error, with its optional member visible to the compiler. */
export function catalogueRow(key: ErrorKey): CatalogueRow {
  return CATALOGUE[key];
}

const TOKEN_REFUSALS: ReadonlySet<ErrorKey> = new Set(['token-unknown', 'token-expired']);

/** @param tokenRefusedStatus of a token that is unknown or has expired; default: the catalogue's */
export function statusOf(key: ErrorKey, tokenRefusedStatus?: number): number {
  const { status } = catalogueRow(key);
  return TOKEN_REFUSALS.has(key) ? (tokenRefusedStatus ?? status) : status;
}

/** Anything else that was thrown is a defect of ours. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('defect', { cause: error });
}
