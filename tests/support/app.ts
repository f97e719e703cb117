import { type App, type Core, type CoreParts, createApp, createCore } from '../../lib/app/core.ts';
import { readConfig } from '../../lib/app/read-config.ts';
import type { Environment } from '../../lib/config/config.ts';

type WriteLine = CoreParts['writeLine'];

/** The whole service as production puts it together. */
export function appOf(environment: Environment, writeLine: WriteLine = () => undefined): App {
  return createApp(readConfig(environment), { writeLine });
}

export function coreOf(environment: Environment, writeLine: WriteLine = () => undefined): Core {
  return createCore(readConfig(environment), { writeLine });
}
