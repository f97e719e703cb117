import { member } from '../../json.ts';
import { PLATFORM_DEADLINE_MARGIN_MS } from '../../limits.ts';

/** What a platform tells about one invocation. */
export interface Invocation {
  readonly requestId?: string | undefined;
  /** Of the distributed trace that it belongs to, where the door knows it. */
  readonly traceId?: string | undefined;
  /** Whether the caller has gone; absent where nobody can tell. */
  readonly isSenderGone?: (() => boolean) | undefined;
  /**
   * Milliseconds that are left for work, a margin for the answer taken off; absent where the platform sets no deadline.
   */
  readonly remainingMs?: (() => number) | undefined;
}

/**
 * Reads the context of Lambda (`awsRequestId`, `getRemainingTimeInMillis`) or of FunctionGraph (`getRequestID`,
 * `getRemainingTimeInMilliSeconds`). The methods are called on their context: FunctionGraph's are a class's.
 */
export function readInvocation(context: unknown): Invocation {
  const requestId = member(context, 'awsRequestId') || call(context, 'getRequestID');
  const clock = ['getRemainingTimeInMillis', 'getRemainingTimeInMilliSeconds'].find((name) => isMethod(context, name));
  return {
    requestId: typeof requestId === 'string' && requestId !== '' ? requestId : undefined,
    remainingMs: clock === undefined ? undefined : () => leftOf(call(context, clock)),
  };
}

/** A clock that gives no number sets no deadline: taken for one, it would end every request at once. */
function leftOf(platformMs: unknown): number {
  const milliseconds = Number(platformMs ?? Number.NaN);
  if (Number.isNaN(milliseconds)) return Number.POSITIVE_INFINITY;
  return Math.max(0, milliseconds - PLATFORM_DEADLINE_MARGIN_MS);
}

function isMethod(context: unknown, name: string): boolean {
  return typeof member(context, name) === 'function';
}

/** The result of a method of the context, or undefined where it has none of that name. */
export function call(context: unknown, name: string, ...parameters: readonly unknown[]): unknown {
  const method = member(context, name);
  return typeof method === 'function' ? Reflect.apply(method, context, parameters) : undefined;
}
