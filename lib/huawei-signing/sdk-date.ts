/** Milliseconds since the epoch as `X-Sdk-Date` writes them. */
export function formatSdkDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

const SDK_DATE = /^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z$/;

/** @returns milliseconds since the epoch, or NaN for anything but a moment of the calendar as `YYYYMMDDTHHMMSSZ` */
export function parseSdkDate(text: string): number {
  const match = SDK_DATE.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse takes 30 February for 2 March, and hour 24 for the next day.
  return new Date(epochMs).getUTCDate() === Number(day) ? epochMs : Number.NaN;
}
