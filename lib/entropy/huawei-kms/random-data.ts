import { member, parseJson } from '../../json.ts';

/** The bytes of `{"random_data":"<hexadecimal>"}`. @returns undefined for anything but exactly `length` of them */
export function readRandomData(body: Buffer, length: number): Uint8Array | undefined {
  const hex = member(parseJson(body), 'random_data');
  if (typeof hex !== 'string' || hex.length !== 2 * length || !/^[0-9A-Fa-f]+$/.test(hex)) return undefined;
  const bytes = new Uint8Array(length);
  Buffer.from(bytes.buffer).write(hex, 'hex');
  body.fill(0);
  return bytes;
}
