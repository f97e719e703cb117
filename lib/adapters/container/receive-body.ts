import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../../errors.ts';
import { MAX_DISCARDED_BYTES } from '../../limits.ts';

const NOTHING = Buffer.alloc(0);

/** Requests of which the rest never comes, and why. */
const brokenOff = new WeakMap<IncomingMessage, ServiceError>();

/** Tells whoever reads a body, now or later, that the parser refused the rest of it. */
export function breakOff(request: IncomingMessage, flaw: ServiceError): void {
  brokenOff.set(request, flaw);
  if (request.listenerCount('error') > 0) request.emit('error', flaw);
}

/**
 * Reads the body of a request, and tells a client that waits to be asked for it (`Expect: 100-continue`) to send it.
 *
 * @returns at once what has come with the headers, as most bodies do
 * @throws {ServiceError} `body-too-long` as soon as that is known, `format-invalid` if the sender goes before the end,
 *   and
 *   whatever the parser refused the rest with
 */
export function receiveBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Buffer | Promise<Buffer> {
  const flaw = brokenOff.get(request);
  if (flaw !== undefined) throw flaw;
  if (request.destroyed) throw senderLeft();
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong();
  if (request.complete) {
    const bytes: Buffer = request.read() ?? NOTHING;
    if (bytes.length > maxBytes) throw tooLong();
    return bytes;
  }
  askForBody(request, response);
  return receiveRest(request, maxBytes);
}

function receiveRest(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      // The rest flows on, to nobody.
      request.off('data', onData);
      chunks.length = 0;
      reject(tooLong());
    };
    request.on('data', onData);
    request.on('end', () => resolve(joined(chunks)));
    request.on('error', (error) => reject(error instanceof ServiceError ? error : senderLeft()));
  });
}

/** Tells a client that waits for it to go on with its body. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (isExpecting(request)) response.writeContinue();
}

/**
 * Reads on and throws away what is left of a request that has its answer: a client that writes everything before it
 * reads finds the answer and no reset. Beyond `MAX_DISCARDED_BYTES` the connection is cut; the time is the server's for
 * a request.
 */
export function discardRest(request: IncomingMessage): void {
  // Some 48 KiB that nobody needs any more.
  Object.assign(request, { rawHeaders: [], headers: {}, headersDistinct: {} });
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.on('error', () => undefined);
}

/** As Node decides whether to emit `checkContinue`. */
function isExpecting({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.expect !== undefined && /(?:^|\W)100-continue(?:$|\W)/i.test(headers.expect);
}

function tooLong(): ServiceError {
  return new ServiceError('body-too-long');
}

function senderLeft(): ServiceError {
  return new ServiceError('format-invalid', { reason: 'sender-left' });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first = NOTHING, second] = chunks;
  return second === undefined ? first : Buffer.concat(chunks);
}
