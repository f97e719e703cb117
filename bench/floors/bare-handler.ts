import { randomBytes } from 'node:crypto';

/** Parses, draws and answers; checks nothing, writes nothing. What gen-random costs is counted in multiples of this. */
export async function handler(event: { readonly body: string }) {
  const { random_data_length: bits } = JSON.parse(event.body);
  const hex = randomBytes(Number(bits) / 8)
    .toString('hex')
    .toUpperCase();
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json;charset=utf-8' },
    body: JSON.stringify({ random_data: hex }),
    isBase64Encoded: false,
  };
}
