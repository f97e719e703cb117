import type { IncomingMessage } from 'node:http';
import type { App } from '../../app/core.ts';
import type { Config } from '../../config/config.ts';
import { ServiceError } from '../../errors.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { parseQuery } from '../../http/query.ts';
import { parseTarget, resolvePath } from '../../http/target.ts';
import { MAX_BODY_BYTES } from '../../limits.ts';
import { traceIdOf } from '../../telemetry/trace-id.ts';
import { clientIpOf } from './client-ip.ts';
import { createRefuse } from './http-server.ts';
import { type ReceivedBody, receiveBody } from './receive-body.ts';
import { type Listener, sendReply } from './send-reply.ts';

/**
 * The door of gen-random: Node's request → the one chain → Node's response.
 *
 * @param requestIdHeader the header in which the platform gives its own id of a request; only where nobody else can set it
 */
export function createHttpDoor(app: App, requestIdHeader?: string): Listener {
  const refuse = createRefuse(app);
  return (message, response) => {
    const requestId = platformRequestId(message, requestIdHeader) ?? app.freshRequestId();
    const received = receiveBody(message, MAX_BODY_BYTES);
    received
      .then((body) => app.pipeline(toHttpRequest(message, body, requestId, app.config)))
      .then(
        (reply) => sendReply(response, reply),
        (error: unknown) => {
          if (error instanceof ServiceError) {
            sendReply(response, refuse(error, requestId));
            return;
          }
          // The sender has gone before the end: nobody waits for an answer, unless the parser's has been written, with its line.
          const lost = new ServiceError('format-invalid', { reason: 'sender-left' });
          if (!message.socket.writableEnded) refuse(lost, requestId);
          response.destroy();
        },
      );
  };
}

function toHttpRequest(
  message: IncomingMessage,
  { bytes, isTooLong }: ReceivedBody,
  requestId: string,
  { BASE_PATH: basePath, TRUSTED_PROXY_HOPS: hops }: Pick<Config, 'BASE_PATH' | 'TRUSTED_PROXY_HOPS'>,
): HttpRequest {
  const headers = readHeaders(message.rawHeaders);
  const headerValues = (name: string): readonly string[] => headers.get(name) ?? [];
  const target = parseTarget(message.url);
  return {
    method: message.method ?? '',
    ...resolvePath(target, basePath),
    query: () => parseQuery(target.query),
    queryLength: () => target.query.length,
    headerValues,
    receiveBody() {
      if (isTooLong) throw new ServiceError('body-too-long');
      return bytes;
    },
    remainingMs: undefined,
    trail: { requestId, traceId: traceIdOf(headerValues), clientIp: clientIpOf(message, hops) },
    body: undefined,
  };
}

/** Every value of every name: Node's own map keeps the first of two `Authorization` headers and drops the other. */
function readHeaders(rawHeaders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    if (before === undefined) headers.set(name, [value]);
    else before.push(value);
  }
  return headers;
}

/** @param header lower case @returns undefined where it is missing or no id */
export function platformRequestId(request: IncomingMessage, header: string | undefined): string | undefined {
  const id = header === undefined ? undefined : request.headers[header];
  return typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}
