import type { Undecided, Verdict } from '../auth/verdict.ts';
import type { TestedLocal, TestedRemote } from '../entropy/tested-source.ts';
import { ServiceError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { NO_OBSERVER, type Observer, type Outcome } from '../telemetry/observer.ts';

export interface Watch {
  readonly log: Log;
  readonly observer: Observer;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
}

/**
 * Writes a line for each login of the service's own account. A failed one is a warning: while the old token lives no
 * request shows it.
 */
export function noteLogin({ log }: Pick<Watch, 'log'>): (failure: Undecided | undefined, tookMs: number) => void {
  return (failure, tookMs) =>
    log.note(failure === undefined ? 'debug' : 'warn', 'login to IAM', {
      outcome: failure?.indecision ?? 'ok',
      reason: failure?.reason,
      detail: failure?.detail,
      duration_ms: roundedMs(tookMs),
    });
}

/** To microseconds. */
function roundedMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** What wraps the parts that ask a dependency. */
interface Wrappers {
  /** @param verify asks IAM about a token */
  verification(verify: (token: string) => Promise<Verdict>): (token: string) => Promise<Verdict>;
  local(source: TestedLocal): TestedLocal;
  remote(source: TestedRemote): TestedRemote;
}

/** Where nobody counts and nobody reads a debug log, nothing is measured. */
const NO_WATCH: Wrappers = { verification: (verify) => verify, local: (source) => source, remote: (source) => source };

/** Tells observer and debug log of each validation and draw: outcome and time. */
export function createWatch({ log, observer, monotonicMs }: Watch): Wrappers {
  if (observer === NO_OBSERVER && !log.isOn('debug')) return NO_WATCH;

  function end(dependency: string, outcome: Outcome, startedAtMs: number): void {
    const tookMs = monotonicMs() - startedAtMs;
    observer.dependency(dependency, outcome, tookMs / 1000);
    log.note('debug', 'dependency', { dependency, outcome, duration_ms: roundedMs(tookMs) });
  }

  return {
    verification(verify) {
      return async (token) => {
        const startedAtMs = monotonicMs();
        const verdict = await verify(token);
        end('iam', outcomeOfVerdict(verdict), startedAtMs);
        return verdict;
      };
    },
    local(source) {
      return {
        ...source,
        read(length) {
          const startedAtMs = monotonicMs();
          try {
            const bytes = source.read(length);
            end(source.name, 'ok', startedAtMs);
            return bytes;
          } catch (error) {
            endFailed(source.name, error, startedAtMs);
            throw error;
          }
        },
      };
    },
    remote(source) {
      return {
        ...source,
        async read(length, signal) {
          const startedAtMs = monotonicMs();
          try {
            const bytes = await source.read(length, signal);
            end(source.name, 'ok', startedAtMs);
            return bytes;
          } catch (error) {
            endFailed(source.name, error, startedAtMs);
            throw error;
          }
        },
      };
    },
  };

  function endFailed(dependency: string, error: unknown, startedAtMs: number): void {
    const outcome = outcomeOfFailure(error);
    if (outcome !== undefined) end(dependency, outcome, startedAtMs);
  }
}

function outcomeOfVerdict(verdict: Verdict): Outcome {
  if (verdict.outcome === 'accepted') return 'ok';
  return verdict.outcome === 'rejected' ? 'refused' : verdict.indecision;
}

/** @returns undefined where a closed source was not asked */
function outcomeOfFailure(error: unknown): Outcome | undefined {
  const reason = error instanceof ServiceError ? error.reason : undefined;
  switch (reason) {
    case 'source-timeout':
      return 'timeout';
    case 'source-unreachable':
      return 'unreachable';
    case 'source-throttled':
      return 'throttled';
    case 'source-unhealthy':
      return undefined;
    default:
      return 'bad-answer';
  }
}
