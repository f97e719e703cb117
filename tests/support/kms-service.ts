import { hash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { appOf } from './app.ts';
import { type Answer, PROJECT_ID } from './contract.ts';
import { openServerDoor } from './server-door.ts';
import { wireRequest } from './wire-request.ts';

const TOKEN = 'a-token-of-the-test';

export interface KmsService {
  /** Asks for 512 bits over HTTP. */
  draw(): Promise<Answer>;
  /** Every line that was logged, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** The whole service, put together as in production, with one token that it takes; closed after the test. */
export async function startKmsService(
  context: TestContext,
  variables: Readonly<Record<string, string>>,
): Promise<KmsService> {
  const lines: Record<string, unknown>[] = [];
  const environment = {
    AUTH_METHODS: 'static',
    STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
  };
  const app = appOf({ ...environment, ...variables }, (line) => lines.push(JSON.parse(line)));
  const { door, close } = await openServerDoor(app);
  context.after(close);
  return {
    lines,
    draw: async () => (await door.send(wireRequest({ tokens: [TOKEN] }))).answer,
  };
}
