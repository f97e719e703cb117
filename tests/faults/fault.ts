import type { TestContext } from 'node:test';
import type { Reason } from '../../lib/reasons.ts';

/** One row of the table in docs/reliability.md: the words of its columns, and the test that injects the fault. */
export interface Fault {
  /** Also the name of the test. */
  readonly name: string;
  readonly client: string;
  readonly reason?: Reason;
  /** The series that shows it, as Prometheus writes it. */
  readonly metric?: string;
  readonly alert?: string;
  readonly heals: string;
  /** Waits for a time that is fixed: runs beside the other slow ones. */
  readonly isSlow?: boolean;
  readonly run: (context: TestContext) => Promise<void>;
}

export const NEXT_REQUEST = 'with the next request';
