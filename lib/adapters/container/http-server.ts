import { createServer, type Server } from 'node:http';
import type { Core } from '../../app/core.ts';
import { ServiceError } from '../../errors.ts';
import { errorReply } from '../../http/failure.ts';
import type { HttpReply } from '../../http/http-request.ts';
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
} from '../../limits.ts';
import { answerClientError, endWith } from './client-error.ts';
import { Connections } from './connections.ts';
import { framingFlaw } from './framing.ts';
import { type Listener, sendReply } from './send-reply.ts';

/** A server with the contract's limits. It neither listens nor answers yet. */
export function createHttpServer(): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    // Node's own answer to a missing Host has no body.
    requireHostHeader: false,
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/** Lets a listener answer what a server receives, and answers what is malformed. @returns what is open on the server */
export function serve(server: Server, core: Core, listener: Listener): Connections {
  const connections = new Connections(server);
  const refuse = createRefuse(core);
  const onRequest: Listener = (request, response) => {
    if (!connections.begin({ request, response })) return;
    const reason = framingFlaw(request);
    if (reason === undefined) {
      listener(request, response);
      return;
    }
    // Where a request of unknown framing ends is anybody's guess: what follows on its connection is not read as a request.
    connections.close({ request, response });
    request.resume();
    sendReply(response, refuse(new ServiceError('format-invalid', { reason }), core.freshRequestId()));
  };
  server.on('request', onRequest);
  // Node's own answer to an unknown expectation has no body; an unknown one may be ignored (RFC 9110 §10.1.1).
  server.on('checkExpectation', onRequest);
  // Without a listener Node closes the connection of a CONNECT, unanswered.
  server.on('connect', (_request, socket) => {
    // Node has taken its own listeners away: an error that nobody hears would end the process.
    socket.on('error', () => socket.destroy());
    endWith(socket, refuse(new ServiceError('path-unknown'), core.freshRequestId()));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerClientError(error, socket, connections, (refusal) => refuse(refusal, core.freshRequestId()));
  });
  return connections;
}

/** Makes a reply without the chain, and writes the audit line that the chain would have written. */
export function createRefuse(core: Core): (error: ServiceError, requestId: string) => HttpReply {
  return (error, requestId) => {
    core.writeAuditLine({ requestId, failure: error });
    return errorReply(error.key, requestId, core.errors);
  };
}
