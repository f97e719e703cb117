/** Two tails of a distribution at an observed value: the chance of so little or less, and of so much or more. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

/** The chance of something at least as far out on either side. */
export function twoSided({ lower, upper }: Tails): number {
  return Math.min(1, 2 * Math.min(lower, upper));
}

/** Chi-square, by the incomplete gamma function: each tail directly, so that a small one keeps its digits. */
export function chiSquareTails(statistic: number, degrees: number): Tails {
  return gammaTails(degrees / 2, statistic / 2);
}

/** The chance that a standard normal is at least so far from 0. */
export function normalTwoSided(deviations: number): number {
  return gammaTails(0.5, deviations ** 2 / 2).upper;
}

function gammaTails(shape: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    const lower = scale * lowerSeries(shape, x);
    return { lower, upper: 1 - lower };
  }
  const upper = scale * upperFraction(shape, x);
  return { lower: 1 - upper, upper };
}

const PRECISION = 1e-15;

/** Σ x^n / (a (a+1) … (a+n)). */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * PRECISION; n += 1) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** The continued fraction 1/(x+1−a− 1(1−a)/(x+3−a− 2(2−a)/(x+5−a− …))), by Lentz's method. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let result = d;
  for (let n = 1; ; n += 1) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    result *= d * c;
    if (Math.abs(d * c - 1) < PRECISION || n > 100_000) return result;
  }
}

/** Stirling's series from 10 on, and the recurrence below. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}

/** Poisson: the chance of more than so many where `mean` are expected. */
export function poissonMoreThan(count: number, mean: number): number {
  let term = Math.exp((count + 1) * Math.log(mean) - mean - logGamma(count + 2));
  let sum = 0;
  for (let n = count + 2; term > sum * PRECISION; n += 1) {
    sum += term;
    term *= mean / n;
  }
  return sum;
}

/**
 * The longest run of equal bits among `bits` fair ones. Two bits are equal or not with even odds, so that this is the longest run of
 * successes in `bits − 1` fair trials: Feller, An Introduction to Probability Theory, volume 1, XIII.7, (7.11), whose error is
 * less than 2^-bits.
 */
export function longestRunTails(longest: number, bits: number): Tails {
  return { lower: Math.exp(logNoRun(longest + 1, bits)), upper: -Math.expm1(logNoRun(longest, bits)) };
}

/** The logarithm of the chance that no run is as long as `length`. */
function logNoRun(length: number, bits: number): number {
  const successes = length - 1;
  if (successes <= 0) return Number.NEGATIVE_INFINITY;
  if (successes === 1) return -(bits - 1) * Math.LN2;
  // The root of 1 − x + 2^-(r+1) x^(r+1) next to 1, less 1.
  let excess = 0;
  for (let step = 0; step < 200; step += 1) excess = 2 ** -length * (1 + excess) ** length;
  return Math.log1p(-excess) - Math.log1p(-successes * excess) - bits * Math.log1p(excess);
}
