import assert from 'node:assert/strict';

/** Values that nobody but their owner may see; of characters that stand in no other text of the service. */
export const SECRET_TOKEN = 'gAAAAQzW7kXvJp3RtYh6LmNs9BcDfUeGxKqTwPjZrVbH';
export const SECRET_PASSWORD = 'Wm4!vQ8_zKj2-Lp9%Tn6+Xs3*Yb7';

/** Bytes that a scripted source gives out. */
export const SECRET_BYTES = Uint8Array.from({ length: 1024 }, (_, index) => (index * 167 + 0x9b) % 256);

/** So many characters of a secret in a row are a leak of it. */
const WINDOW = 10;

/** Checks that no piece of a secret, in clear or in a usual encoding, is in a text. */
export function assertWithout(text: string, secrets: readonly (string | Uint8Array)[]): void {
  const found = secrets
    .flatMap((secret) => spellings(Buffer.from(secret)))
    .flatMap((spelling) => windowsIn(text, spelling));
  assert.deepEqual(found, [], `leaked: ${text.slice(0, 2000)}`);
}

function spellings(secret: Buffer): string[] {
  const hex = secret.toString('hex');
  const base64 = secret.toString('base64').replace(/=+$/, '');
  return [secret.toString('latin1'), hex, hex.toUpperCase(), base64, secret.toString('base64url')];
}

function windowsIn(text: string, spelling: string): string[] {
  const count = Math.max(1, spelling.length - WINDOW + 1);
  const windows = Array.from({ length: count }, (_, start) => spelling.slice(start, start + WINDOW));
  return windows.filter((window) => text.includes(window)).slice(0, 1);
}
