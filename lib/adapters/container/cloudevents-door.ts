import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../../app/core.ts';
import { ServiceError, toServiceError } from '../../errors.ts';
import { errorReply } from '../../http/failure.ts';
import { replyHeaders } from '../../http/reply-headers.ts';
import { MAX_EVENT_BYTES } from '../../limits.ts';
import { traceIdOf } from '../../telemetry/trace-id.ts';
import { type EventFunction, FailedRequestError } from '../event/event-function.ts';
import { addressOf } from './client-ip.ts';
import { createRefuse } from './http-server.ts';
import { type ReceivedEvent, readCloudEvent } from './read-cloudevent.ts';
import { receiveBody } from './receive-body.ts';
import { type Listener, sendReply } from './send-reply.ts';

/** The type of a reply event, for a Knative trigger to filter by. */
export const REPLY_TYPE = 'gen-random.drawn';

/**
 * The door of Knative Eventing: a request event in, binary or structured, a reply event out, which the broker sends on
 * (CloudEvents 1.0, HTTP protocol binding). It asks for no token: only the broker may reach it.
 *
 * Statuses are the catalogue's: a sender tries 404, 409, 429 and 5xx again, and gives an event up that is refused by
 * any other 4xx (Knative Eventing data plane contract).
 */
export function createCloudEventsListener(core: Core, run: EventFunction): Listener {
  const refuse = createRefuse(core);

  async function reply(response: ServerResponse, { id, event }: ReceivedEvent): Promise<void> {
    const { socket, headersDistinct } = response.req;
    const data = await run(event, {
      requestId: id,
      traceId: traceIdOf((name) => headersDistinct[name] ?? []),
      isSenderGone: () => socket.destroyed,
    });
    const freshId = core.freshRequestId();
    const drawn = {
      specversion: '1.0',
      id: freshId,
      source: '/gen-random',
      type: REPLY_TYPE,
      time: new Date(core.now()).toISOString(),
      // Without it a broker that hands the event on in binary mode calls the data text/plain.
      datacontenttype: 'application/json',
      inreplyto: id,
      data,
    };
    // Structured: an id may hold what no header can.
    const contentType = 'application/cloudevents+json; charset=utf-8';
    const headers = { ...replyHeaders(PRINTABLE.test(id) ? id : freshId), 'Content-Type': contentType };
    sendReply(response, { statusCode: 200, headers, body: JSON.stringify(drawn) });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let requestId = core.freshRequestId();
    try {
      if (request.method !== 'POST') throw new ServiceError('method-unsupported');
      const event = await receiveEvent(request, response);
      if (PRINTABLE.test(event.id)) requestId = event.id;
      await reply(response, event);
    } catch (error) {
      // The function has written the line of a request that it read; what failed before has none yet.
      if (error instanceof FailedRequestError) sendReply(response, errorReply(error.key, requestId, core.errors));
      else sendReply(response, refuse(toServiceError(error), requestId, addressOf(request.socket)));
    }
  }

  return (request, response) => void answer(request, response);
}

/** What a header may carry. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** @throws {ServiceError} what `receiveBody` and `readCloudEvent` throw */
async function receiveEvent(request: IncomingMessage, response: ServerResponse): Promise<ReceivedEvent> {
  return readCloudEvent(request.rawHeaders, await receiveBody(request, response, MAX_EVENT_BYTES));
}
