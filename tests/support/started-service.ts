import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type Service, type ServiceParts, startService } from '../../lib/adapters/container/service.ts';
import type { Environment } from '../../lib/config/config.ts';
import { PATH, PROJECT_ID, UUID } from './contract.ts';
import { writerOf } from './log-writer.ts';
import type { Fields } from './samples.ts';

/** The token that the service of `STATIC` takes. */
export const STATIC_TOKEN = 'a-static-token-of-the-tests';
export const STATIC = {
  AUTH_METHODS: 'static',
  STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', STATIC_TOKEN, 'hex')] }),
} satisfies Environment;

export interface StartedService {
  readonly service: Service;
  readonly origin: string;
  /** Every line that was logged. */
  readonly lines: readonly Fields[];
  /** The audit lines among them. */
  readonly audited: () => readonly Fields[];
}

/** The container's service as `handlers/server.ts` starts it, in this process, on a free port of 127.0.0.1. */
export async function startContainer(
  context: TestContext,
  environment: Environment,
  parts: Partial<ServiceParts> = {},
): Promise<StartedService> {
  const lines: Fields[] = [];
  const settings = { HOST: '127.0.0.1', PORT: '0', SHUTDOWN_GRACE_SECONDS: '0', ...environment };
  const writer = writerOf((line) => lines.push(JSON.parse(line)));
  const service = await startService(settings, { writer, ...parts });
  context.after(() => service.stop());
  return {
    service,
    origin: `http://127.0.0.1:${service.port}`,
    lines,
    audited: () => lines.filter((line) => line.event_name === 'genRandom'),
  };
}

/** Draws so many bits from the service of `STATIC`. */
export function drawFrom({ origin }: StartedService, bits = 512): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': STATIC_TOKEN };
  return fetch(origin + PATH, { method: 'POST', headers, body: JSON.stringify({ random_data_length: bits }) });
}

/** Sends a request to a door of events and checks what all replies have. @param id of the reply; absent: a fresh one */
export async function fetchFromEventDoor(url: string, init: RequestInit, id?: string): Promise<Response> {
  const response = await fetch(url, init);
  const { headers } = response;
  assert.deepEqual([headers.get('cache-control'), headers.get('x-content-type-options')], ['no-store', 'nosniff']);
  const given = headers.get('x-request-id') ?? '';
  if (id === undefined) assert.match(given, UUID);
  else assert.equal(given, id);
  return response;
}
