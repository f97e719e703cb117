import type { Environment } from '../../config/config.ts';
import { INIT_WAIT_MS } from '../../limits.ts';
import { type WriteLine, writeToConsole } from '../../telemetry/log.ts';
import { writeToDescriptor } from '../../telemetry/standard-output.ts';
import { type AgencyKeys, readAgencyKeys } from './agency-keys.ts';
import { readEnvironment } from './environment.ts';

/** A function as a platform invokes it. Two parameters: under nodejs24.x a handler of three is refused. */
export type PlatformFunction = (event: unknown, context: unknown) => Promise<unknown>;

export interface StartedFunction<Run extends PlatformFunction = PlatformFunction> {
  readonly run: Run;
  /** What an init does, so that the first invocation need not. @returns what it waits for, which never rejects; undefined: nothing */
  readonly warmUp: () => Promise<unknown> | undefined;
}

/** Makes the function once its configuration is there. @throws {ConfigError} */
export type CreateFunction = (
  environment: Environment,
  writeLine: WriteLine,
  agencyKeys: AgencyKeys,
) => StartedFunction;

/** What a platform calls. */
interface Handlers {
  readonly handler: PlatformFunction;
  /** FunctionGraph's, run once per instance before the first invocation. */
  readonly initializer: (context: unknown, callback: (error: unknown, result?: string) => void) => void;
}

export interface FunctionEntry extends Handlers {
  /**
   * Lets Lambda's init wait. Its runtime client awaits the module that it imports, and a module with a `then` is awaited for what that
   * gives; the documented way, `await` at the top of a module, is for ES modules alone. Undefined where there is nothing to wait for.
   */
  readonly then: ((resolve: (handlers: Handlers) => void) => void) | undefined;
}

/**
 * What a handler file exports. On Lambda the function is made at once, so that a wrong configuration fails the init; on
 * FunctionGraph the configuration comes with the first context, of the initializer or of an invocation. Both wait in their init, which has
 * the CPU that an invocation of a small function has not, for what lies behind a network; out of reach, it does not keep them from starting.
 *
 * @param waitMs milliseconds that an init waits at most; what it waits for goes on
 */
export function createFunctionEntry(
  processEnvironment: Environment,
  create: CreateFunction,
  waitMs: number = INIT_WAIT_MS,
): FunctionEntry {
  const isLambda = processEnvironment.AWS_LAMBDA_RUNTIME_API !== undefined;
  const writeLine = isLambda ? writeToDescriptor : writeToConsole;
  let started: StartedFunction | undefined;
  let newestContext: unknown;

  function start(context: unknown): StartedFunction {
    newestContext = context;
    // The agency's keys rotate: they are read from the newest context, not kept from the first.
    started ??= create(readEnvironment(processEnvironment, context), writeLine, () => readAgencyKeys(newestContext));
    return started;
  }

  const ended = (work: Promise<unknown>): Promise<void> => waitAtMost(waitMs, work);
  const handlers: Handlers = {
    handler: async (event, context) => start(context).run(event, context),
    initializer(context, callback) {
      let warmedUp: Promise<unknown> | undefined;
      try {
        warmedUp = start(context).warmUp();
      } catch (error) {
        callback(error);
        return;
      }
      if (warmedUp === undefined) callback(null, '');
      else void ended(warmedUp).then(() => callback(null, ''));
    },
  };
  const warmedUp = isLambda ? start(undefined).warmUp() : undefined;
  const then = warmedUp && ((resolve: (given: Handlers) => void) => void ended(warmedUp).then(() => resolve(handlers)));
  return { ...handlers, then };
}

async function waitAtMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, enough]);
  clearTimeout(timer);
}
