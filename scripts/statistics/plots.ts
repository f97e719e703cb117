import type { Result } from './result.ts';
import { area, dot, label, line, type Point, svg, WIDTH } from './svg.ts';

/** Of random values one in a thousand is farther out, on either side. */
const ONE_IN_A_THOUSAND = 3.29;
const LEFT = 130;
const RIGHT = WIDTH - 20;

/** How often each byte came, less what is expected, in standard deviations. */
export function byteDeviations({ streams }: Result): string {
  const height = 110;
  const scale = height / 2 / 4.5;
  const panels = streams.flatMap(({ name, bytes, histogram }, index) => {
    const middle = 50 + index * (height + 16) + height / 2;
    const expected = bytes / 256;
    const across = (value: number) => LEFT + (value / 255) * (RIGHT - LEFT);
    const limit = ONE_IN_A_THOUSAND * scale;
    return [
      area(box(LEFT - 4, middle - limit, RIGHT + 4, middle + limit), 'band'),
      line(
        [
          [LEFT - 4, middle],
          [RIGHT + 4, middle],
        ],
        'faint',
      ),
      label(name, LEFT - 16, middle + 4, 'end'),
      ...histogram.map((count, value) => {
        const deviation = (count - expected) / Math.sqrt(expected * (255 / 256));
        return dot([across(value), middle - Math.max(-4.4, Math.min(4.4, deviation)) * scale], 2, `s${index}`);
      }),
    ];
  });
  const bottom = 50 + streams.length * (height + 16) + 8;
  return svg('How often each byte came: deviation from the even share', bottom + 34, [
    ...panels,
    ...[0, 64, 128, 192, 255].map((value) => {
      const x = LEFT + (value / 255) * (RIGHT - LEFT);
      return label(`0x${value.toString(16).toUpperCase().padStart(2, '0')}`, x, bottom, 'middle');
    }),
    label(
      'Band: ±3.29 standard deviations. Of the 256 bytes of a good source 0.26 are outside it on average.',
      12,
      bottom + 24,
    ),
  ]);
}

/** Ones minus zeros along each stream, in standard deviations of the whole. */
export function balanceWalks({ streams }: Result): string {
  const [top, height] = [50, 300];
  const middle = top + height / 2;
  const scale = height / 2 / 4;
  const across = (share: number) => LEFT + share * (RIGHT - LEFT - 90);
  const shares = Array.from({ length: 101 }, (_, index) => index / 100);
  const edge = (sign: number): Point[] =>
    shares.map((share) => [across(share), middle - sign * ONE_IN_A_THOUSAND * Math.sqrt(share) * scale]);
  const ends = streams.map(({ balance, bytes }) => (balance.at(-1) ?? 0) / Math.sqrt(bytes * 8));
  const labelAt = spread(
    ends.map((end) => middle - end * scale),
    16,
  );
  return svg('Balance of ones and zeros along each stream', top + height + 50, [
    area([...edge(1), ...edge(-1).reverse()], 'band'),
    line(
      [
        [across(0), middle],
        [across(1), middle],
      ],
      'faint',
    ),
    ...[-3, 0, 3].map((value) =>
      label(`${value > 0 ? '+' : ''}${value} σ`, LEFT - 12, middle - value * scale + 4, 'end'),
    ),
    ...streams.flatMap(({ name, bytes, balance }, index) => {
      const points = [0, ...balance].map(
        (sum, step): Point => [across(step / balance.length), middle - (sum / Math.sqrt(bytes * 8)) * scale],
      );
      return [line(points, `line l${index}`), label(name, across(1) + 8, (labelAt[index] ?? 0) + 4, `s${index}`)];
    }),
    label(
      'Ones minus zeros from the first byte to the last. A good source leaves the band at a given place once in a',
      12,
      top + height + 20,
    ),
    label(
      'thousand; bits of which 51 in 100 are ones would leave the picture within its first hundredth.',
      12,
      top + height + 38,
    ),
  ]);
}

/** All p-values of the tests whose statistic is continuous enough to be spread evenly. */
export function pValues({ streams }: Result): string {
  const own = (['monobit', 'runs', 'poker', 'bytes'] as const).map((test) => ({
    test: test as string,
    values: streams.map(({ battery }) => battery.map((part) => part[test])),
  }));
  const names = streams[0]?.tools.dieharder.map(({ test }) => test) ?? [];
  const theirs = names.map((test, index) => ({
    test,
    values: streams.map(({ tools }) => tools.dieharder[index]?.pValues ?? []),
  }));
  const rows = [...own, ...theirs];
  const left = LEFT + 30;
  const across = (p: number) => left + p * (RIGHT - left);
  const bottom = 66 + rows.length * 30;
  return svg('P-values of all tests', bottom + 52, [
    ...streams.map(({ name }, index) => label(`● ${name}`, WIDTH - 420 + index * 110, 22, `s${index}`)),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((p) => [
      line(
        [
          [across(p), 40],
          [across(p), bottom - 14],
        ],
        'faint',
      ),
      label(String(p), across(p), bottom + 4, 'middle'),
    ]),
    ...rows.flatMap(({ test, values }, row) => [
      label(test.replaceAll('_', ' '), left - 14, 62 + row * 30 + 4, 'end'),
      ...values.flatMap((ps, index) =>
        ps.map((p) => dot([across(p), 62 + row * 30 + (index - 1.5) * 5], 2.4, `s${index}`)),
      ),
    ]),
    label(
      'Of a good source they are spread evenly. Those of a broken one stand on the left edge, of dieharder on either.',
      12,
      bottom + 28,
    ),
  ]);
}

function box(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Moves labels apart that would stand on each other. */
function spread(places: readonly number[], distance: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const result = [...places];
  order.slice(1).forEach((index, position) => {
    const above = result[order[position] ?? 0] ?? 0;
    result[index] = Math.max(result[index] ?? 0, above + distance);
  });
  return result;
}
