import * as v from 'valibot';

const ANSWER = v.object({ random_data: v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]+$/)) });

/** The octets of `{"random_data":"<hexadecimal>"}`. @returns undefined for anything but exactly `length` of them */
export function readRandomData(body: Buffer, length: number): Uint8Array | undefined {
  const parsed = v.safeParse(ANSWER, parseJson(body));
  if (!parsed.success || parsed.output.random_data.length !== 2 * length) return undefined;
  const octets = new Uint8Array(length);
  Buffer.from(octets.buffer).write(parsed.output.random_data, 'hex');
  body.fill(0);
  return octets;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
