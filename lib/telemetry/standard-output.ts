import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { MAX_QUEUED_LOG_BYTES } from '../limits.ts';
import type { WriteLine } from './log.ts';

/** The one writer of standard output. Its queue is bounded by those who look at `isTaking` before they take on work. */
export interface LogWriter {
  readonly writeLine: WriteLine;
  /** False while too much is queued, until all of it is out, and for good once standard output is broken. */
  readonly isTaking: () => boolean;
  /** The code of the error that broke standard output, such as `EPIPE`; undefined while it is whole. */
  readonly brokenBy: () => string | undefined;
  /** Lines that are not out yet, or never will be. */
  readonly waiting: () => number;
  /** Resolves once all lines are out or standard output is broken. Undefined: there is nothing to wait for. */
  flush(): Promise<void> | undefined;
  /** Calls back whenever `isTaking` has become true again or standard output has broken. */
  whenChanged(listener: () => void): void;
}

export interface LogWriterOptions {
  /**
   * Whether lines go straight to the descriptor, though it may make the process wait for its reader. Default: for files
   * and devices, which have none.
   */
  readonly isDirect?: boolean;
  /** Default: standard output. */
  readonly descriptor?: number;
  /** Opened when the descriptor is not written straight, or does not take a line at once. Default: Node's own. */
  readonly openStream?: () => Writable;
}

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/**
 * Written straight, a line is out before the next statement runs, and the stream, which costs a first request 0.7 ms,
 * is not made. What a full pipe does not take is queued by the stream, and so is every line until that is out, so that
 * they keep their order.
 */
export function createLogWriter(options: LogWriterOptions = {}): LogWriter {
  const { descriptor = STANDARD_OUTPUT, openStream = () => process.stdout } = options;
  const { isDirect = isFileOrDevice(descriptor) } = options;
  const flushes: (() => void)[] = [];
  const listeners: (() => void)[] = [];
  let stream: Writable | undefined;
  let waiting = 0;
  let isStalled = false;
  let brokenBy: string | undefined;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function settleFlushes(): void {
    for (const resolve of flushes.splice(0)) resolve();
  }

  function fail(error: unknown): void {
    if (brokenBy !== undefined) return;
    brokenBy = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    settleFlushes();
    tell();
  }

  function onWritten(error?: Error | null): void {
    if (error) fail(error);
    if (brokenBy !== undefined) return;
    waiting -= 1;
    if (waiting > 0) return;
    settleFlushes();
    if (isStalled) {
      isStalled = false;
      tell();
    }
  }

  function queue(text: string | Buffer): void {
    stream ??= openStream().on('error', fail);
    stream.write(text, onWritten);
    // The event comes a turn later, when an answer may be on its way already.
    if (stream.errored) fail(stream.errored);
    isStalled ||= stream.writableLength > MAX_QUEUED_LOG_BYTES;
  }

  function write(text: string): void {
    try {
      const rest = writeStraight(descriptor, text);
      if (rest === undefined) waiting -= 1;
      else queue(rest);
    } catch (error) {
      fail(error);
    }
  }

  return {
    writeLine(line) {
      waiting += 1;
      if (brokenBy !== undefined) return;
      if (isDirect && waiting === 1) write(`${line}\n`);
      else queue(`${line}\n`);
    },
    isTaking: () => !isStalled && brokenBy === undefined,
    brokenBy: () => brokenBy,
    waiting: () => waiting,
    flush() {
      if (waiting === 0 || brokenBy !== undefined) return undefined;
      return new Promise((resolve) => flushes.push(resolve));
    },
    whenChanged: (listener) => void listeners.push(listener),
  };
}

/**
 * @returns what the descriptor does not take without waiting; undefined: it has taken all
 *
 * @throws {Error} if it is broken
 */
function writeStraight(descriptor: number, text: string): Buffer | undefined {
  let left: Buffer | undefined;
  try {
    const written = writeSync(descriptor, text);
    if (written === Buffer.byteLength(text)) return undefined;
    left = Buffer.from(text).subarray(written);
    // A disk that is nearly full takes a part, and then fails.
    while (left.length > 0) left = left.subarray(writeSync(descriptor, left));
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return left ?? Buffer.from(text);
    throw error;
  }
}

function isFileOrDevice(descriptor: number): boolean {
  const stats = fstatSync(descriptor);
  return stats.isFile() || stats.isCharacterDevice();
}

/** One line on standard error, which may be the same broken pipe. */
export function complain(sentence: string): void {
  try {
    writeSync(STANDARD_ERROR, `gen-random: ${sentence}\n`);
  } catch {
    // Nobody is left to hear it.
  }
}

/** Ends the process with 0, or with 1 and a sentence if lines are lost. */
export function endProcess(writer: LogWriter): never {
  const code = writer.brokenBy();
  const isLossless = code === undefined && writer.waiting() === 0;
  const why = code === undefined ? 'takes nothing' : `cannot be written (${code})`;
  if (!isLossless) complain(`standard output ${why}; lines lost: ${writer.waiting()}`);
  process.exit(isLossless ? 0 : 1);
}
