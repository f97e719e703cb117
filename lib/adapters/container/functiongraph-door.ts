import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../../app/core.ts';
import { withDeadline } from '../../deadline.ts';
import { ServiceError } from '../../errors.ts';
import { replyHeaders } from '../../http/reply-headers.ts';
import { parseTarget, resolvePath } from '../../http/target.ts';
import { INIT_WAIT_MS, MAX_EVENT_BYTES } from '../../limits.ts';
import { type EventFunction, FailedRequestError } from '../event/event-function.ts';
import { UnsupportedTriggerError } from '../event/event-request.ts';
import { addressOf } from './client-ip.ts';
import { platformRequestId } from './http-door.ts';
import { createRefuse } from './http-server.ts';
import { receiveBody } from './receive-body.ts';
import { type Listener, sendReply } from './send-reply.ts';

/** FunctionGraph's own id of an invocation. */
export const FUNCTIONGRAPH_REQUEST_ID = 'x-cff-request-id';

/**
 * The door of a FunctionGraph event function in a custom image: `POST /init` once, then `POST /invoke` with an event as
 * its body (FunctionGraph user guide, "Creating an event function from a custom image"). It asks for no token: the
 * platform alone reaches it.
 */
export function createFunctionGraphListener(core: Core, run: EventFunction): Listener {
  const refuse = createRefuse(core);
  return (request, response) => {
    const { path } = resolvePath(parseTarget(request.url));
    if (request.method === 'POST' && path === '/invoke') void invoke(core, run, request, response);
    else if (request.method === 'POST' && path === '/init') void init(core, response);
    else {
      const clientIp = addressOf(request.socket);
      sendReply(response, refuse(new ServiceError('path-unknown'), core.freshRequestId(), clientIp));
    }
  };
}

/** Waits like a function's initializer. */
async function init({ warmedUp, freshRequestId }: Core, response: ServerResponse): Promise<void> {
  if (warmedUp !== undefined) await withDeadline(warmedUp, INIT_WAIT_MS, () => undefined);
  sendJson(response, 200, {}, freshRequestId());
}

async function invoke(
  core: Core,
  run: EventFunction,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = platformRequestId(request, FUNCTIONGRAPH_REQUEST_ID) ?? core.freshRequestId();
  try {
    const event = await receiveBody(request, response, MAX_EVENT_BYTES);
    sendJson(response, 200, await run(event, { requestId, isSenderGone: () => request.socket.destroyed }), requestId);
  } catch (error) {
    // Of an event that was not received the function has said nothing yet.
    const clientIp = addressOf(request.socket);
    if (error instanceof ServiceError) core.writeAuditLine({ requestId, clientIp, failure: error });
    const { name, message } = reported(error);
    // As a function's own runtime reports what it threw.
    sendJson(response, 500, { errorType: name, errorMessage: message }, requestId);
  }
}

/** The message of anything unexpected stays here. */
function reported(error: unknown): Error {
  if (error instanceof FailedRequestError || error instanceof UnsupportedTriggerError) return error;
  return new FailedRequestError(error instanceof ServiceError ? error : new ServiceError('defect'));
}

function sendJson(response: ServerResponse, status: number, body: unknown, requestId: string): void {
  const text = JSON.stringify(body);
  sendReply(response, { statusCode: status, headers: replyHeaders(requestId), body: text });
}
