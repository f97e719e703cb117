import type { DrawEntropy } from '../../entropy/draw.ts';

export interface ReadinessOptions {
  /** Whether a draw can succeed now. */
  readonly isEntropyReady: () => boolean;
  readonly draw: DrawEntropy;
}

/**
 * Whether requests can be served. Sources are tested by what is drawn from them, and requests stay away from what is
 * not ready: so whoever is told that it is not has one byte drawn and thrown away, or a source once closed would stay
 * so.
 */
export function createReadiness({ isEntropyReady, draw }: ReadinessOptions): () => boolean {
  let isTrying = false;

  async function tryDraw(): Promise<void> {
    if (isTrying) return;
    isTrying = true;
    try {
      (await draw(1)).bytes.fill(0);
    } catch {
      // Still not ready; the source has reported why.
    } finally {
      isTrying = false;
    }
  }

  return () => {
    const isReady = isEntropyReady();
    if (!isReady) void tryDraw();
    return isReady;
  };
}
