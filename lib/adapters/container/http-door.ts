import type { IncomingMessage } from 'node:http';
import type { App } from '../../app/core.ts';
import type { Config } from '../../config/config.ts';
import { toServiceError } from '../../errors.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { parseQuery } from '../../http/query.ts';
import { parseTarget, resolvePath } from '../../http/target.ts';
import { MAX_BODY_BYTES } from '../../limits.ts';
import { traceIdOf } from '../../telemetry/trace-id.ts';
import { clientIpOf } from './client-ip.ts';
import { createRefuse } from './http-server.ts';
import { receiveBody } from './receive-body.ts';
import { type Listener, sendReply } from './send-reply.ts';

/**
 * The door of gen-random: Node's request → the one chain → Node's response. The chain begins when the headers are in
 * and asks for the body where it wants it, so nobody unknown makes the service keep one.
 *
 * @param requestIdHeader the header in which the platform gives its own id of a request; only where nobody else can set
 *   it
 */
export function createHttpDoor(app: App, requestIdHeader?: string): Listener {
  const refuse = createRefuse(app);

  async function answer(...[message, response, connection]: Parameters<Listener>): Promise<void> {
    const requestId = platformRequestId(message, requestIdHeader) ?? app.freshRequestId();
    const request = toHttpRequest(message, requestId, app.config, () => {
      noteCredential();
      return receiveBody(message, response, MAX_BODY_BYTES);
    });
    function noteCredential(): void {
      connection.isKnown ||= request.trail.principal !== undefined;
    }
    const reply = await app
      .pipeline(request)
      .catch((error: unknown) => refuse(toServiceError(error), requestId, request.trail.clientIp));
    noteCredential();
    sendReply(response, reply);
  }

  return (...parts) => void answer(...parts);
}

function toHttpRequest(
  message: IncomingMessage,
  requestId: string,
  { BASE_PATH: basePath, TRUSTED_PROXY_HOPS: hops }: Pick<Config, 'BASE_PATH' | 'TRUSTED_PROXY_HOPS'>,
  receive: HttpRequest['receiveBody'],
): HttpRequest {
  const headers = readHeaders(message.rawHeaders);
  const headerValues = (name: string): readonly string[] => headers.get(name) ?? [];
  const target = parseTarget(message.url);
  let body: ReturnType<typeof receive> | undefined;
  return {
    method: message.method ?? '',
    ...resolvePath(target, basePath),
    query: () => parseQuery(target.query),
    queryLength: () => target.query.length,
    headerValues,
    receiveBody() {
      body ??= receive();
      return body;
    },
    remainingMs: undefined,
    trail: {
      requestId,
      traceId: traceIdOf(headerValues),
      clientIp: clientIpOf(message, hops),
      isSenderGone: () => message.socket.destroyed,
    },
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
