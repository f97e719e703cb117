import { createEventFunction } from '../adapters/event/event-function.ts';
import type { StartedFunction, StartFunction } from '../adapters/function/function-entry.ts';
import { createHttpFunction } from '../adapters/http-event/http-function.ts';
import { createApp, createCore } from './core.ts';
import { primeHttp } from './priming.ts';
import { readConfig } from './read-config.ts';
import { inForce } from './start-line.ts';

/** The function of an HTTP trigger. @throws {ConfigError} */
export const startHttpFunction: StartFunction = (environment, writeLine, agencyKeys): StartedFunction => {
  const config = readConfig({ ...environment, SERVER_DOOR: 'http' }, agencyKeys() !== undefined);
  const app = createApp(config, { writeLine, agencyKeys });
  app.log.note('info', 'started', inForce(config));
  return {
    run: createHttpFunction(app),
    warmUp() {
      // Nothing depends on it.
      void primeHttp().catch(() => undefined);
      return app.warmedUp;
    },
  };
};

/** The function of all other triggers; the platform guards it, so it needs no IAM. @throws {ConfigError} */
export const startEventFunction: StartFunction = (environment, writeLine, agencyKeys): StartedFunction => {
  const config = readConfig({ ...environment, SERVER_DOOR: 'functiongraph-event' }, agencyKeys() !== undefined);
  const core = createCore(config, { writeLine, agencyKeys });
  core.log.note('info', 'started', inForce(config));
  return { run: createEventFunction(core), warmUp: () => core.warmedUp };
};
