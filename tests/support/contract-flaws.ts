import { ERROR_SENTENCES, type Refusal } from './contract.ts';

/** An answer as a client has it, header names in lower case. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const FIXED: Readonly<Record<string, string>> = {
  'content-type': 'application/json;charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
const REPEATABLE = new Set([429, 502, 504]);

/**
 * What an answer has that the contract does not allow, whatever was asked.
 *
 * @param expected a row of the error table, or the number of bits of a success
 */
export function flawsOf(answer: ClientAnswer, expected: Refusal | number): readonly string[] {
  const { status, headers, body } = answer;
  const flaws = Object.entries(FIXED).flatMap(([name, value]) => (headers[name] === value ? [] : [`header ${name}`]));
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(headers['x-request-id'] ?? '')) flaws.push('request id');
  if (headers['x-openstack-request-id'] !== `req-${headers['x-request-id']}`) flaws.push('request id of OpenStack');
  if (headers['content-length'] !== String(Buffer.byteLength(body))) flaws.push('header content-length');
  if (REPEATABLE.has(status) !== /^[1-9][0-9]*$/.test(headers['retry-after'] ?? '')) flaws.push('header retry-after');
  if (typeof expected === 'number') {
    const form = new RegExp(`^\\{"random_data":"[0-9A-F]{${expected / 4}}"\\}$`);
    if (status !== 200 || !form.test(body)) flaws.push(`not ${expected} bits but ${status} ${body.slice(0, 120)}`);
    return flaws;
  }
  const [wanted, code] = expected.split(' ');
  const error = { error: { error_code: code, error_msg: ERROR_SENTENCES[expected] } };
  const isRight = status === Number(wanted) && body === JSON.stringify(error);
  return isRight ? flaws : [...flaws, `not ${expected} but ${status} ${body.slice(0, 120)}`];
}

/** The row of the error table that an answer is, by its status and code. */
export function refusalIn({ status, body }: ClientAnswer): Refusal | undefined {
  const code = /"error_code":"([A-Z.0-9]+)"/.exec(body)?.[1];
  const row = `${status} ${code}`;
  return isRefusal(row) ? row : undefined;
}

function isRefusal(row: string): row is Refusal {
  return row in ERROR_SENTENCES;
}
