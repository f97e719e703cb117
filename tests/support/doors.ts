import assert from 'node:assert/strict';
import type { Invocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction, type HttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import type { PlatformReply } from '../../lib/adapters/http-event/platform-reply.ts';
import type { App } from '../../lib/app/core.ts';
import type { Answer } from './contract.ts';
import { EVENT_SHAPES, type EventShape, eventShape } from './event-shapes.ts';
import type { Scope } from './loopback.ts';
import { openServerDoor } from './server-door.ts';
import type { WireRequest } from './wire-request.ts';

/** One way into the service. */
export interface Door {
  readonly name: string;
  readonly keepsRepeatedHeaders: boolean;
  /**
   * @param invocation what a platform hands over beside its event
   * @returns the answer and the request id that it must name
   */
  send(request: WireRequest, invocation?: Invocation): Promise<{ readonly answer: Answer; readonly requestId: string }>;
}

/** The HTTP server, until the scope is over, and every event shape, over one app. */
export async function openDoors(app: App, scope: Scope): Promise<readonly [server: Door, ...events: Door[]]> {
  const { door } = await openServerDoor(app, scope);
  const httpFunction = createHttpFunction(app);
  return [door, ...EVENT_SHAPES.map((shape) => eventDoor(shape, httpFunction))];
}

/** One event shape, for what is the same at every door. */
export function openHttpApi(app: App): Door {
  return eventDoor(eventShape('apigw-http'), createHttpFunction(app));
}

/** The id that a platform gives where its event has none. */
export const INVOCATION_ID = '1f3c5a7e-2b4d-4f60-8a91-b2c3d4e5f607';

function eventDoor(shape: EventShape, httpFunction: HttpFunction): Door {
  return {
    name: shape.name,
    keepsRepeatedHeaders: shape.keepsRepeatedHeaders,
    async send(request, invocation = { requestId: INVOCATION_ID }) {
      const reply = await httpFunction(shape.eventOf(request), invocation);
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
