import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Core } from '../../app/core.ts';
import { ServiceError } from '../../errors.ts';
import { errorReply } from '../../http/failure.ts';
import type { HttpReply } from '../../http/http-request.ts';
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_BODY_BYTES,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
} from '../../limits.ts';
import { answerClientError, toWire } from './client-error.ts';
import { addressOf, clientIpOf } from './client-ip.ts';
import { Connections } from './connections.ts';
import { framingFlaw } from './framing.ts';
import { type Listener, sendReply } from './send-reply.ts';

/** How long a client may take, at every port that is listened on. */
export const TIMEOUTS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: 1_000,
};

/**
 * A server with the contract's limits. It neither listens nor answers yet.
 *
 * @param maxHeaderBytes of one request, its line included
 */
export function createHttpServer(maxHeaderBytes: number = MAX_HEADER_BYTES): Server {
  const server = createServer({
    ...TIMEOUTS,
    maxHeaderSize: maxHeaderBytes,
    // Of a body that nobody has asked for yet Node keeps so much.
    highWaterMark: MAX_BODY_BYTES + 1,
    // Node's own answer to a missing Host has no body.
    requireHostHeader: false,
  });
  // A client that ends its side after its request still gets the answer.
  return Object.assign(server, { httpAllowHalfOpen: true });
}

export interface ServeOptions {
  /** Connections at once. Default: as many as a container ever takes. */
  readonly maxConnections?: number;
  /** Why nothing at all is answered now but a refusal; undefined: it is. */
  readonly refusal?: () => ServiceError | undefined;
}

/** Lets a listener answer what a server receives, and answers what is malformed. @returns what is open on the server */
export function serve(server: Server, core: Core, listener: Listener, options: ServeOptions = {}): Connections {
  const { maxConnections: limit = MAX_CONNECTIONS, refusal } = options;
  const connections = new Connections(server, {
    limit,
    onTurnedAway(isFirst) {
      core.observer.connectionDropped();
      if (isFirst) core.log.note('warn', 'connections are turned away', { limit });
    },
  });
  const refuseOwn = createRefuse(core);
  const refuse = (error: ServiceError, clientIp: string | undefined): HttpReply =>
    refuseOwn(refusal?.() ?? error, core.freshRequestId(), clientIp);
  const onRequest = (...[request, response]: Parameters<RequestListener>): void => {
    if (connections.held !== undefined) {
      connections.held.push(() => onRequest(request, response));
      return;
    }
    const connection = connections.begin(request, response);
    if (connection === undefined) return;
    const reason = framingFlaw(request);
    if (reason === undefined) {
      listener(request, response, connection);
      return;
    }
    // Where a request of unknown framing ends is anybody's guess: what follows on its connection is not read as a
    // request.
    connection.closeAfterNewest();
    const clientIp = clientIpOf(request, core.config.TRUSTED_PROXY_HOPS);
    sendReply(response, refuse(new ServiceError('format-invalid', { reason }), clientIp));
  };
  server.on('request', onRequest);
  // Node's own answer to an expectation comes before anybody wants the body; an unknown one may be ignored (RFC 9110
  // §10.1.1).
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  // Without a listener Node closes the connection of a CONNECT, unanswered.
  server.on('connect', (_request, socket: Socket) => {
    // Node has taken its own listeners away: an error that nobody hears would end the process.
    socket.on('error', () => socket.destroy());
    const connection = connections.of(socket);
    const clientIp = addressOf(socket);
    connection?.afterAnswers(() => connection.end(toWire(refuse(new ServiceError('path-unknown'), clientIp))));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const connection = connections.of(socket);
    if (connection === undefined) socket.destroy();
    else answerClientError(error, connection, (refused) => refuse(refused, addressOf(socket)));
  });
  return connections;
}

/** Makes a reply without the chain, and writes the audit line that the chain would have written. */
export function createRefuse(
  core: Core,
): (error: ServiceError, requestId: string, clientIp: string | undefined) => HttpReply {
  return (error, requestId, clientIp) => {
    core.writeAuditLine({ requestId, clientIp, failure: error });
    return errorReply(error.key, requestId, core.errors);
  };
}
