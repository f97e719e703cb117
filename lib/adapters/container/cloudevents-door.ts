import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../../app/core.ts';
import { ServiceError, toServiceError } from '../../errors.ts';
import { errorReply } from '../../http/failure.ts';
import { replyHeaders } from '../../http/reply-headers.ts';
import { MAX_EVENT_BYTES, MAX_EVENT_ID_CHARACTERS } from '../../limits.ts';
import { type EventFunction, FailedRequestError } from '../event/event-function.ts';
import { createRefuse } from './http-server.ts';
import { receiveBody } from './receive-body.ts';
import { type Listener, sendReply } from './send-reply.ts';

/** The type of a reply event, for a Knative trigger to filter by. */
export const REPLY_TYPE = 'gen-random.drawn';

/**
 * The door of Knative Eventing: a request event in, binary or structured, a reply event out, which the broker sends on
 * (CloudEvents 1.0, HTTP protocol binding). It asks for no token: only the broker may reach it. The package is loaded here, by the
 * process that opens this door.
 *
 * Statuses are the catalogue's: a sender tries 404, 409, 429 and 5xx again, and gives an event up that is refused by any other 4xx
 * (Knative Eventing data plane contract).
 */
export async function createCloudEventsListener(core: Core, run: EventFunction): Promise<Listener> {
  const { CloudEvent, HTTP } = await import('cloudevents');
  const refuse = createRefuse(core);

  /** One event with all that it must have: the package's own parser is content with an id, and takes batches. */
  function parse(headers: IncomingMessage['headers'], body: string): ReceivedEvent {
    const event = HTTP.toEvent({ headers, body });
    if (!(event instanceof CloudEvent)) throw new TypeError('not one event');
    event.validate();
    if (event.specversion !== '1.0' || event.id.length > MAX_EVENT_ID_CHARACTERS)
      throw new TypeError('not of our kind');
    const { id, data, data_base64: encoded } = event;
    return { id, data: encoded === undefined ? data : Buffer.from(encoded, 'base64').toString('utf8') };
  }

  async function reply(response: ServerResponse, { id, data }: ReceivedEvent): Promise<void> {
    const drawn = await run({ specversion: '1.0', data }, { requestId: id });
    const event = { id: core.freshRequestId(), type: REPLY_TYPE, source: '/gen-random', data: drawn, inreplyto: id };
    // Structured: an id may hold what no header can.
    const { headers, body } = HTTP.structured(new CloudEvent(event));
    const contentType = String(headers['content-type'] ?? '');
    const all = { ...replyHeaders(PRINTABLE.test(id) ? id : event.id), 'Content-Type': contentType };
    sendReply(response, { statusCode: 200, headers: all, body: String(body) });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let requestId = core.freshRequestId();
    try {
      if (request.method !== 'POST') throw new ServiceError('method-unsupported');
      const event = await readEvent(request, parse);
      if (PRINTABLE.test(event.id)) requestId = event.id;
      await reply(response, event);
    } catch (error) {
      // The parser has refused the rest of it, with a line of its own.
      if (!request.complete && request.socket.writableEnded) return;
      // The function has written the line of a request that it read; what failed before has none yet.
      if (error instanceof FailedRequestError) sendReply(response, errorReply(error.key, requestId, core.errors));
      else sendReply(response, refuse(toServiceError(error), requestId));
    }
  }

  return (request, response) => void answer(request, response);
}

/** What a header may carry. */
const PRINTABLE = /^[\x21-\x7e]+$/;

interface ReceivedEvent {
  readonly id: string;
  readonly data: unknown;
}

type Parse = (headers: IncomingMessage['headers'], body: string) => ReceivedEvent;

/** @throws {ServiceError} `body-too-long`, or `format-invalid` for what is no single CloudEvent */
async function readEvent(request: IncomingMessage, parse: Parse): Promise<ReceivedEvent> {
  const { bytes, isTooLong } = await receiveBody(request, MAX_EVENT_BYTES).catch(() => {
    throw new ServiceError('format-invalid', { reason: 'sender-left' });
  });
  if (isTooLong) throw new ServiceError('body-too-long');
  try {
    return parse(request.headers, bytes.toString('utf8'));
  } catch {
    throw new ServiceError('format-invalid', { reason: 'not-one-cloudevent' });
  }
}
