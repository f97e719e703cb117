import { createHash, createHmac } from 'node:crypto';
import { PATH, PROJECT_ID } from './contract.ts';
import type { HeaderLine, WireOptions } from './wire-request.ts';

export const ACCESS_KEY = 'TESTACCESSKEY0000001';
export const SECRET_KEY = 'tEsTsEcReTkEy-0123456789-abcdefghijklmnop';

/** As in `AKSK_CREDENTIALS`. */
export const CREDENTIAL = { access_key: ACCESS_KEY, secret_key: SECRET_KEY, project_id: PROJECT_ID };

export interface SigningOptions {
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly method?: string;
  readonly path?: string;
  /** Of names and values that need no escapes, in their order. */
  readonly query?: string;
  readonly body?: string;
  /** Milliseconds since the epoch. */
  readonly dateMs?: number;
  /** Signed and sent. */
  readonly headers?: readonly HeaderLine[];
  /** What is signed in the place of the body's hash. */
  readonly payload?: string;
}

/** A request that is signed as Huawei's signing guide says: POST unless told otherwise, headers in the order given. */
export function signed(options: SigningOptions = {}): WireOptions {
  const { accessKey = ACCESS_KEY, secretKey = SECRET_KEY, path = PATH, dateMs = Date.now(), headers = [] } = options;
  const { method = 'POST', query = '' } = options;
  const { body = '{"random_data_length":"512"}', payload = sha256(body) } = options;
  const date = `${new Date(dateMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const covered = [...headers, ['X-Sdk-Date', date] as const].map(([name, value]) => [name.toLowerCase(), value]);
  const names = covered.map(([name]) => name).join(';');
  const lines = covered.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = [method, `${path.replace(/\/$/, '')}/`, query, lines, names, payload].join('\n');
  const toSign = ['SDK-HMAC-SHA256', date, sha256(canonical)].join('\n');
  const signature = createHmac('sha256', secretKey).update(toSign).digest('hex');
  const authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names}, Signature=${signature}`;
  return { path, body, headers: [...headers, ['X-Sdk-Date', date], ['Authorization', authorization]] };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
