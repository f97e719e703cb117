import { createServer, type Server } from 'node:http';
import type { App } from '../app.ts';
import { catalogueRow, type ServiceError } from '../errors.ts';
import type { HttpReply } from '../http/exchange.ts';
import { errorReply } from '../http/failure.ts';
import { HEADERS_TIMEOUT_MS, KEEP_ALIVE_TIMEOUT_MS, MAX_HEADER_OCTETS, REQUEST_TIMEOUT_MS } from '../limits.ts';
import { answerClientError, type Current } from './client-error.ts';
import { createListener, type Listener } from './listener.ts';

/** The listener of gen-random alone. */
export function createGenRandomListener(app: App): Listener {
  const { pipeline, freshRequestId } = app;
  return createListener({ pipeline, freshRequestId, refuse: createRefuse(app) });
}

/** A server with the contract's limits. It neither listens nor answers yet. */
export function createHttpServer(): Server {
  return createServer({
    maxHeaderSize: MAX_HEADER_OCTETS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    // Node's own answer to a missing Host has no body.
    requireHostHeader: false,
  });
}

/** Lets a listener answer what a server receives, and answers what Node's parser refuses. */
export function serve(server: Server, app: App, listener: Listener): void {
  const current = new WeakMap<object, Current>();
  const refuse = createRefuse(app);
  const onRequest: Listener = (request, response) => {
    current.set(request.socket, { request, response });
    listener(request, response);
  };
  server.on('request', onRequest);
  // Node's own answer to an unknown expectation has no body; an unknown one may be ignored (RFC 9110 §10.1.1).
  server.on('checkExpectation', onRequest);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerClientError(error, socket, current.get(socket), (refusal) => refuse(refusal, app.freshRequestId()));
  });
}

/** A reply without the chain, and the audit line that the chain would have written. */
function createRefuse(app: App): (error: ServiceError, requestId: string) => HttpReply {
  return (error, requestId) => {
    const { status, code } = catalogueRow(error.key);
    const reason = error.reason ?? error.key;
    app.log.audit('info', {
      request_id: requestId,
      event_name: 'genRandom',
      resource_type: 'RNG',
      status,
      code,
      reason,
    });
    return errorReply(error.key, requestId, { iamUrl: app.config.IAM_URL });
  };
}
