import type { Environment } from '../config.ts';
import type { WriteLine } from '../log.ts';
import { writeToConsole, writeToStandardOutput } from '../standard-output.ts';
import { type AgencyKeys, readAgencyKeys } from './agency-keys.ts';
import { readEnvironment } from './environment.ts';

/** A function as a platform invokes it. Two parameters: under nodejs24.x a handler of three is refused. */
export type PlatformFunction = (event: unknown, context: unknown) => Promise<unknown>;

/** Makes the function once its configuration is there. @throws {ConfigError} */
export type CreateFunction = (
  environment: Environment,
  writeLine: WriteLine,
  agencyKeys: AgencyKeys,
) => PlatformFunction;

export interface FunctionEntry {
  readonly handler: PlatformFunction;
  /** FunctionGraph's, run once per instance before the first invocation. */
  readonly initializer: (context: unknown, callback: (error: unknown, result?: string) => void) => void;
}

/**
 * What a handler file exports. On Lambda the function is made at once, so that a wrong configuration fails the init; on
 * FunctionGraph the configuration comes with the first context, of the initializer or of an invocation.
 */
export function createFunctionEntry(processEnvironment: Environment, create: CreateFunction): FunctionEntry {
  const isLambda = processEnvironment.AWS_LAMBDA_RUNTIME_API !== undefined;
  const writeLine = isLambda ? writeToStandardOutput : writeToConsole;
  let started: PlatformFunction | undefined;
  let newestContext: unknown;

  function start(context: unknown): PlatformFunction {
    newestContext = context;
    // The agency's keys rotate: they are read from the newest context, not kept from the first.
    started ??= create(readEnvironment(processEnvironment, context), writeLine, () => readAgencyKeys(newestContext));
    return started;
  }

  if (isLambda) start(undefined);
  return {
    handler: async (event, context) => start(context)(event, context),
    initializer(context, callback) {
      try {
        start(context);
        callback(null, '');
      } catch (error) {
        callback(error);
      }
    },
  };
}
