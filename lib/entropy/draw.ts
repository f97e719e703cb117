/** The bytes of one request and where they came from. */
export interface Draw {
  /** The caller owns the array and zeroes it after use. */
  readonly bytes: Uint8Array;
  readonly sources: readonly string[];
  /** Configured sources that were left out because they failed; empty unless `degrade` is configured. */
  readonly omitted: readonly string[];
}

/**
 * Draws bytes from all configured sources.
 *
 * @param length bytes wanted, 1 to 1024
 * @param remainingMs milliseconds that the platform leaves for the draw; undefined if it sets no deadline
 * @throws {ServiceError} `backend-unavailable`, `backend-timeout`, `throttled` or `entropy-unhealthy`
 */
export type DrawEntropy = (length: number, remainingMs?: number) => Draw | Promise<Draw>;
