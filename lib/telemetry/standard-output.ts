import { writeSync } from 'node:fs';
import type { WriteLine } from './log.ts';

const STANDARD_OUTPUT = 1;

/**
 * For Lambda, whose `console.log` would put time and request id in front of the JSON. Straight to the descriptor: the line is out before the
 * instance is frozen behind its answer, and the stream, which costs a first request 0.7 ms, is not made. Once the descriptor does not
 * take a line at once, being full and not blocking or closed, the stream has that line and all others, so that they keep their order.
 */
export const writeToDescriptor: WriteLine = createDescriptorWriter();

function createDescriptorWriter(): WriteLine {
  let isStreamNeeded = false;
  return (line) => {
    const text = `${line}\n`;
    const written = isStreamNeeded ? 0 : tryWrite(text);
    if (written === Buffer.byteLength(text)) return;
    isStreamNeeded = true;
    process.stdout.write(Buffer.from(text).subarray(written));
  };
}

/** @returns bytes written */
function tryWrite(text: string): number {
  try {
    return writeSync(STANDARD_OUTPUT, text);
  } catch {
    return 0;
  }
}
