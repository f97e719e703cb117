import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createHttpFunction, type HttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import { appOf } from '../../support/app.ts';
import { PROJECT_ID } from '../../support/contract.ts';
import { EVENT_SHAPES } from '../../support/event-shapes.ts';
import { wireRequest } from '../../support/wire-request.ts';

const TOKEN = 'token-of-the-clones';
const DIGEST = createHash('sha256').update(TOKEN).digest('hex');

/** One instance of the function with its default sources, as a platform would start it. */
export function createInstance(): HttpFunction {
  const environment = { AUTH_METHODS: 'static', STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [DIGEST] }) };
  return createHttpFunction(appOf(environment, () => undefined));
}

/** The first so many outputs of an instance, of 256 bits each. */
export async function outputsOf(instance: HttpFunction, count: number): Promise<string[]> {
  const event = EVENT_SHAPES.find(({ name }) => name === 'function-url')?.eventOf(
    wireRequest({ tokens: [TOKEN], body: { random_data_length: 256 } }),
  );
  const outputs: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { statusCode, body } = await instance(event, {});
    assert.equal(statusCode, 200, body);
    outputs.push(JSON.parse(body).random_data);
  }
  return outputs;
}
