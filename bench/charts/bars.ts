import { area, label, line, type Point, svg, WIDTH } from '../../scripts/statistics/svg.ts';
import type { Chart } from '../measurement.ts';
import { withUnit } from '../wording.ts';

const LEFT = 320;
const RIGHT = WIDTH - 110;
const TOP = 44;
const STEP = 28;
const THICKNESS = 16;

/** One bar for each name, its value behind it. Ours in one colour, what it is compared with in another. */
export function bars({ title, unit, names = [], series }: Chart): string {
  const values = names.map((_, index) => series[0]?.points[index]?.[1] ?? 0);
  const scale = (RIGHT - LEFT) / Math.max(...values, Number.MIN_VALUE);
  return svg(title, TOP + names.length * STEP + 8, [
    ...names.flatMap((name, index) => {
      const value = values[index] ?? 0;
      const middle = TOP + index * STEP + STEP / 2;
      return [
        label(name, LEFT - 12, middle + 4, 'end'),
        area(box(LEFT, middle, value * scale), isFloor(name) ? 's3' : 's0'),
        label(withUnit(value, unit), LEFT + value * scale + 8, middle + 4),
      ];
    }),
    line(
      [
        [LEFT, TOP - 4],
        [LEFT, TOP + names.length * STEP],
      ],
      'faint',
    ),
  ]);
}

function isFloor(name: string): boolean {
  return name.startsWith('bare ') || name.startsWith('empty ') || name.startsWith('moto') || name.startsWith('OpenBao');
}

export function box(left: number, middle: number, width: number): Point[] {
  const [top, bottom] = [middle - THICKNESS / 2, middle + THICKNESS / 2];
  return [
    [left, top],
    [left + width, top],
    [left + width, bottom],
    [left, bottom],
  ];
}
