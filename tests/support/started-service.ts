import { hash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type Service, type ServiceParts, startService } from '../../lib/adapters/container/service.ts';
import type { Environment } from '../../lib/config/config.ts';
import { PROJECT_ID } from './contract.ts';
import { writerOf } from './log-writer.ts';
import type { Fields } from './samples.ts';

/** The token that the service of `STATIC` takes. */
export const STATIC_TOKEN = 'a-static-token-of-the-tests';
export const STATIC: Environment = {
  AUTH_METHODS: 'static',
  STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', STATIC_TOKEN, 'hex')] }),
};

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
