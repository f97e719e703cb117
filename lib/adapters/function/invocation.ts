import { member } from '../../json.ts';

/** What a platform tells about one invocation. */
export interface Invocation {
  readonly requestId: string | undefined;
  /** Milliseconds until the platform ends it; absent where it sets no deadline. */
  readonly remainingMs: (() => number) | undefined;
}

/**
 * Reads the context of Lambda (`awsRequestId`, `getRemainingTimeInMillis`) or of FunctionGraph (`getRequestID`,
 * `getRemainingTimeInMilliSeconds`). The methods are called on their context: FunctionGraph's are a class's.
 */
export function readInvocation(context: unknown): Invocation {
  const requestId = member(context, 'awsRequestId') ?? call(context, 'getRequestID');
  const clock = ['getRemainingTimeInMillis', 'getRemainingTimeInMilliSeconds'].find((name) => isMethod(context, name));
  return {
    requestId: typeof requestId === 'string' ? requestId : undefined,
    remainingMs: clock === undefined ? undefined : () => Number(call(context, clock)),
  };
}

function isMethod(context: unknown, name: string): boolean {
  return typeof member(context, name) === 'function';
}

/** The result of a method of the context, or undefined where it has none of that name. */
export function call(context: unknown, name: string, ...parameters: readonly unknown[]): unknown {
  const method = member(context, name);
  return typeof method === 'function' ? Reflect.apply(method, context, parameters) : undefined;
}
