/** A stretch of time with one rate. */
export interface Phase {
  readonly seconds: number;
  readonly perSecond: number;
}

/** Numbers from 0 to 1 that follow from a seed: the same simulation gives the same figures. (mulberry32) */
export function seededNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Times of arrival in seconds, a Poisson process in each phase: nobody waits for anybody else. */
export function* arrivals(phases: readonly Phase[], next: () => number): Generator<number> {
  let startsAt = 0;
  for (const { seconds, perSecond } of phases) {
    const endsAt = startsAt + seconds;
    for (let at = startsAt + gap(perSecond, next()); at < endsAt; at += gap(perSecond, next())) yield at;
    startsAt = endsAt;
  }
}

function gap(perSecond: number, number: number): number {
  return -Math.log(1 - number) / perSecond;
}
