import type { Environment } from '../../config/config.ts';
import { withDeadline } from '../../deadline.ts';
import { INIT_WAIT_MS } from '../../limits.ts';
import { type WriteLine, writeToConsole } from '../../telemetry/log.ts';
import { createLogWriter, endProcess } from '../../telemetry/standard-output.ts';
import { type AgencyKeys, readAgencyKeys } from './agency-keys.ts';
import { readEnvironment } from './environment.ts';
import { type Invocation, readInvocation } from './invocation.ts';

export interface StartedFunction {
  readonly run: (event: unknown, invocation: Invocation) => Promise<unknown>;
  /**
   * What an init does, so that the first invocation need not.
   *
   * @returns what to wait for, which never rejects; undefined: nothing
   */
  readonly warmUp: () => Promise<unknown> | undefined;
}

/** Makes the function once its configuration is there. @throws {ConfigError} */
export type StartFunction = (environment: Environment, writeLine: WriteLine, agencyKeys: AgencyKeys) => StartedFunction;

export interface FunctionEntry {
  /** Two parameters: under nodejs24.x a handler of three is refused. */
  readonly handler: (event: unknown, context: unknown) => Promise<unknown>;
  /** FunctionGraph's, run once per instance before the first invocation. */
  readonly initializer: (context: unknown, callback: (error: unknown, result?: string) => void) => void;
  /**
   * Lets Lambda's init wait. Its runtime client awaits the module that it loads, and a module with a `then` is awaited
   * for what that gives: the module again, as wrappers may have patched it, without its `then`. The documented way,
   * `await` at the top of a module, is for ES modules alone. Undefined where there is nothing to wait for.
   */
  readonly then: ((this: object, resolve: (module: object) => void) => void) | undefined;
}

/**
 * What a handler file exports. On Lambda the function is made at once, so that a wrong configuration fails the init; on
 * FunctionGraph the configuration comes with the first context, of the initializer or of an invocation. Init waits for
 * remote sources, because small functions have full CPU only then. An unreachable one does not block start-up.
 *
 * @param waitMs milliseconds that init waits at most; what it waits for goes on
 */
export function createFunctionEntry(
  processEnvironment: Environment,
  startFunction: StartFunction,
  waitMs: number = INIT_WAIT_MS,
): FunctionEntry {
  const isLambda = processEnvironment.AWS_LAMBDA_RUNTIME_API !== undefined;
  // Lambda's `console.log` would put time and request id in front of the JSON.
  const writer = isLambda ? createLogWriter({ isDirect: true }) : undefined;
  // Nothing more is drawn by an instance that cannot write its audit lines: the platform starts another one.
  writer?.whenChanged(() => void (writer.brokenBy() !== undefined && endProcess(writer)));
  const writeLine = writer?.writeLine ?? writeToConsole;
  let started: StartedFunction | undefined;
  let newestContext: unknown;

  function start(context: unknown): StartedFunction {
    newestContext = context;
    // The agency's keys rotate: they are read from the newest context, not kept from the first.
    const agencyKeys = () => readAgencyKeys(newestContext);
    started ??= startFunction(readEnvironment(processEnvironment, context), writeLine, agencyKeys);
    return started;
  }

  /** Calls back at once where there is nothing to wait for. */
  function afterWarmUp(warmedUp: Promise<unknown> | undefined, done: () => void): void {
    if (warmedUp === undefined) done();
    else void withDeadline(warmedUp, waitMs, () => undefined).then(done);
  }

  const lambdaWarmUp = isLambda ? start(undefined).warmUp() : undefined;
  const then = lambdaWarmUp && thenAfter((done) => afterWarmUp(lambdaWarmUp, done));
  return {
    async handler(event, context) {
      try {
        return await start(context).run(event, readInvocation(context));
      } finally {
        // Behind its answer the instance may be frozen, and what is queued with it.
        const queued = writer?.flush();
        if (queued !== undefined) await queued;
      }
    },
    initializer(context, callback) {
      let warmedUp: Promise<unknown> | undefined;
      try {
        warmedUp = start(context).warmUp();
      } catch (error) {
        callback(error);
        return;
      }
      afterWarmUp(warmedUp, () => callback(null, ''));
    },
    then,
  };
}

function thenAfter(wait: (done: () => void) => void): FunctionEntry['then'] {
  return function (this: object, resolve) {
    wait(() => resolve(Object.defineProperty(Object.create(this), 'then', { value: undefined })));
  };
}
