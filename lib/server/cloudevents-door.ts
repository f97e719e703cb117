import type { IncomingMessage, ServerResponse } from 'node:http';
import { catalogueRow, type ErrorKey } from '../errors.ts';
import { MAX_EVENT_OCTETS } from '../limits.ts';
import { type EventFunction, FailedRequestError } from '../triggers/event-function.ts';
import { sendJson } from './functiongraph-door.ts';
import type { Listener } from './listener.ts';
import { readBody } from './read-body.ts';

/** The type of a reply event, for a Knative trigger to filter by. */
export const REPLY_TYPE = 'gen-random.drawn';

/**
 * The door of Knative Eventing: a request event in, binary or structured, a reply event out, which the broker sends on
 * (CloudEvents 1.0, HTTP protocol binding). It asks for no token: only the broker may reach it. The package is loaded here, by the
 * process that opens this door.
 */
export async function createCloudEventsListener(run: EventFunction, freshId: () => string): Promise<Listener> {
  const { CloudEvent, HTTP } = await import('cloudevents');

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { octets, bodyTooLong } = await readBody(request, MAX_EVENT_OCTETS);
    if (bodyTooLong) return refuse(response, 'body-too-long');
    const received = readEvent(() => HTTP.toEvent({ headers: request.headers, body: octets.toString('utf8') }));
    if (received === undefined) return refuse(response, 'format-invalid');
    const data = await run({ specversion: '1.0', data: received.data }, { awsRequestId: received.id });
    const event = new CloudEvent({
      id: freshId(),
      type: REPLY_TYPE,
      source: '/gen-random',
      data,
      inreplyto: received.id,
    });
    const { headers, body } = HTTP.binary(event);
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, { 'Cache-Control': 'no-store' });
    response.end(body);
  }

  return (request, response) => {
    if (request.method !== 'POST') refuse(response, 'method-unsupported');
    else reply(request, response).catch((error: unknown) => refuseError(response, error));
  };
}

/** @returns undefined for what is no single CloudEvent */
function readEvent(parse: () => unknown): { readonly id: string; readonly data: unknown } | undefined {
  let event: unknown;
  try {
    event = parse();
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null || !('id' in event) || typeof event.id !== 'string') return undefined;
  return { id: event.id, data: 'data' in event ? event.data : undefined };
}

/** A status of 400 or above makes the broker retry, and then deliver to the dead-letter sink. */
function refuse(response: ServerResponse, key: ErrorKey): void {
  const { status, code, message } = catalogueRow(key);
  sendJson(response, status, { error: { error_code: code, error_msg: message } });
}

function refuseError(response: ServerResponse, error: unknown): void {
  refuse(response, error instanceof FailedRequestError ? error.key : 'defect');
}
