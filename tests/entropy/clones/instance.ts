import assert from 'node:assert/strict';
import { appOf } from '../../support/app.ts';
import { type Door, openHttpApi } from '../../support/doors.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { wireRequest } from '../../support/wire-request.ts';

/** One instance of the function with its default sources, as a platform would start it. */
export function createInstance(): Door {
  return openHttpApi(appOf(STATIC));
}

/** The first so many outputs of an instance, of 256 bits each. */
export async function outputsOf(instance: Door, count: number): Promise<string[]> {
  const request = wireRequest({ tokens: [STATIC_TOKEN], body: { random_data_length: 256 } });
  const outputs: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { answer } = await instance.send(request);
    assert.equal(answer.status, 200, answer.body);
    outputs.push(JSON.parse(answer.body).random_data);
  }
  return outputs;
}
