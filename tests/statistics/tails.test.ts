import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { chiSquareTails, longestRunTails, normalTwoSided, poissonMoreThan, twoSided } from './tails.ts';

function assertClose(actual: number, expected: number, relative = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

suite('the normal distribution', () => {
  // Both tails beyond so many standard deviations, from tables.
  const TABLE = [
    [0, 1],
    [1, 0.31731050786291415],
    [1.959963984540054, 0.05],
    [3, 0.0026997960632601866],
    [6, 1.9731752900753366e-9],
    [6.109410204869, 1e-9],
    [10, 1.523970604832105e-23],
  ] as const;
  for (const [deviations, p] of TABLE) {
    test(`beyond ${deviations} standard deviations on either side`, () => {
      assertClose(normalTwoSided(deviations), p, 1e-8);
      assertClose(normalTwoSided(-deviations), p, 1e-8);
    });
  }
});

suite('chi-square', () => {
  // Two degrees: e^(−x/2). Four degrees: (1 + x/2) e^(−x/2).
  for (const x of [0.001, 1, 2, 5, 40, 200]) {
    test(`of 2 and 4 degrees at ${x}, by the closed form`, () => {
      assertClose(chiSquareTails(x, 2).upper, Math.exp(-x / 2));
      assertClose(chiSquareTails(x, 4).upper, (1 + x / 2) * Math.exp(-x / 2));
      assertClose(chiSquareTails(x, 2).lower, -Math.expm1(-x / 2));
    });
  }

  test('of 15 and 255 degrees, from tables', () => {
    assertClose(chiSquareTails(24.99579013972863, 15).upper, 0.05, 1e-7);
    assertClose(chiSquareTails(293.24783508, 255).upper, 0.05, 1e-6);
    assertClose(chiSquareTails(7.260943928, 15).lower, 0.05, 1e-6);
  });

  test('a small tail keeps its digits on either side', () => {
    assert.ok(chiSquareTails(450, 255).upper > 0 && chiSquareTails(450, 255).upper < 1e-9);
    assert.ok(chiSquareTails(100, 255).lower > 0 && chiSquareTails(100, 255).lower < 1e-9);
    assert.deepEqual(chiSquareTails(0, 255), { lower: 0, upper: 1 });
  });
});

/** The chance that `bits` fair bits have no run of `length` equal ones, by counting: q(m) = q(m−1) − 2^-(k+1) q(m−k−1). */
function noRunByRecurrence(length: number, bits: number): number {
  const k = length - 1;
  const q = [1];
  for (let m = 1; m < bits; m += 1) {
    if (m < k) q.push(1);
    else if (m === k) q.push(1 - 2 ** -k);
    else q.push((q[m - 1] ?? 0) - 2 ** -(k + 1) * (q[m - k - 1] ?? 0));
  }
  return q[bits - 1] ?? 0;
}

suite('the longest run', () => {
  for (const bits of [200, 1000, 3000]) {
    test(`of ${bits} bits, by counting`, () => {
      for (const longest of [2, 3, 5, 8, 12, 17]) {
        const { lower, upper } = longestRunTails(longest, bits);
        assertClose(lower, noRunByRecurrence(longest + 1, bits), 1e-8);
        assertClose(upper, 1 - noRunByRecurrence(longest, bits), 1e-6);
      }
    });
  }

  test('cannot be shorter than one bit nor longer than all', () => {
    const { lower, upper } = longestRunTails(1, 1000);
    assertClose(lower, 2 ** -999);
    assert.equal(upper, 1);
    assert.ok(twoSided(longestRunTails(1000, 1000)) < 1e-290);
  });
});

test('Poisson, by counting', () => {
  assertClose(poissonMoreThan(0, 0.5), -Math.expm1(-0.5));
  assertClose(poissonMoreThan(2, 3), 1 - Math.exp(-3) * (1 + 3 + 4.5));
  assertClose(poissonMoreThan(45, 16), 8e-10, 0.5);
});

test('of two tails the smaller one counts, twice, and never more than all', () => {
  assert.equal(twoSided({ lower: 0.01, upper: 0.99 }), 0.02);
  assert.equal(twoSided({ lower: 0.99, upper: 0.01 }), 0.02);
  assert.equal(twoSided({ lower: 0.6, upper: 0.6 }), 1);
});
