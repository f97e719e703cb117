import assert from 'node:assert/strict';
import { createHttpFunction, type HttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import type { PlatformReply } from '../../lib/adapters/http-event/platform-reply.ts';
import type { App } from '../../lib/app/core.ts';
import type { Answer } from './contract.ts';
import { EVENT_SHAPES, type EventShape } from './event-shapes.ts';
import { openServerDoor } from './server-door.ts';
import type { WireRequest } from './wire-request.ts';

/** One way into the service. */
export interface Door {
  readonly name: string;
  readonly keepsRepeatedHeaders: boolean;
  /** @returns the answer and the request id that it must name */
  send(request: WireRequest): Promise<{ readonly answer: Answer; readonly requestId: string }>;
}

export interface OpenDoors {
  readonly doors: readonly Door[];
  close(): void;
}

/** The HTTP server and every event shape, over one app. */
export async function openDoors(app: App): Promise<OpenDoors> {
  const server = await openServerDoor(app);
  const httpFunction = createHttpFunction(app);
  const events = EVENT_SHAPES.map((shape) => eventDoor(shape, httpFunction));
  return { doors: [server.door, ...events], close: server.close };
}

/** The id that a platform gives where its event has none. */
export const INVOCATION_ID = '1f3c5a7e-2b4d-4f60-8a91-b2c3d4e5f607';

function eventDoor(shape: EventShape, httpFunction: HttpFunction): Door {
  return {
    name: shape.name,
    keepsRepeatedHeaders: shape.keepsRepeatedHeaders,
    async send(request) {
      const reply = await httpFunction(shape.eventOf(request), { requestId: INVOCATION_ID });
      return { answer: answerOf(reply, shape.name), requestId: shape.requestId ?? INVOCATION_ID };
    },
  };
}

function answerOf(reply: PlatformReply, name: string): Answer {
  const { statusCode: status, headers, multiValueHeaders, statusDescription, body, isBase64Encoded } = reply;
  assert.equal(isBase64Encoded, false);
  assert.equal(statusDescription?.startsWith(`${status} `), name.startsWith('alb') ? true : undefined);
  assert.equal(headers === undefined, name === 'alb-multi');
  if (headers !== undefined) return { status, headers, body };
  const entries = Object.entries(multiValueHeaders ?? {});
  for (const [header, values] of entries) assert.equal(values.length, 1, header);
  return { status, headers: Object.fromEntries(entries.map(([header, [value = '']]) => [header, value])), body };
}
