import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_EVENT_OCTETS } from '../limits.ts';
import type { EventFunction } from '../triggers/event-function.ts';
import type { Listener } from './listener.ts';
import { readBody } from './read-body.ts';

/**
 * The door of a FunctionGraph event function in a custom image: `POST /init` once, then `POST /invoke` with an event as its body
 * (FunctionGraph user guide, "Creating an event function from a custom image"). It asks for no token: the platform alone reaches it.
 */
export function createFunctionGraphListener(run: EventFunction): Listener {
  return (request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (request.method === 'POST' && path === '/invoke') void invoke(run, request, response);
    else sendJson(response, request.method === 'POST' && path === '/init' ? 200 : 404, {});
  };
}

async function invoke(run: EventFunction, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = request.headers['x-cff-request-id'];
  const context = typeof requestId === 'string' ? { awsRequestId: requestId } : {};
  try {
    const { octets, bodyTooLong } = await readBody(request, MAX_EVENT_OCTETS);
    const event: unknown = bodyTooLong ? undefined : JSON.parse(octets.toString('utf8'));
    sendJson(response, 200, await run(event, context));
  } catch (error) {
    // As a function's own runtime reports what it threw.
    const { name, message } = error instanceof Error ? error : new Error('unknown error');
    sendJson(response, 500, {
      errorType: name,
      errorMessage: name === 'SyntaxError' ? 'the event is not JSON' : message,
    });
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json;charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
