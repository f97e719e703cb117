import { dot, label, line, type Point, svg, WIDTH } from '../../scripts/statistics/svg.ts';
import type { Chart, Series } from '../measurement.ts';
import { number } from '../wording.ts';

const LEFT = 80;
const RIGHT = WIDTH - 150;
const TOP = 50;
const HEIGHT = 240;
const BOTTOM = TOP + HEIGHT;
/** From here on a doubling is a step along the axis: the points would stand on each other otherwise. */
const LOGARITHMIC_SPAN = 500;

/** Values along something that grows, from zero up. */
export function lines({ title, x = '', unit, series }: Chart): string {
  const across = acrossOf(series.flatMap(({ points }) => points.map(([at]) => at)));
  const highest = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)));
  const step = niceStep(highest / 4);
  const top = Math.ceil(highest / step) * step;
  const up = (value: number) => BOTTOM - (value / top) * HEIGHT;
  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  const places = (series[0]?.points ?? []).map(([at]) => at);
  const shown = places.length > 8 ? [places[0] ?? 0, places.at(-1) ?? 0] : places;
  return svg(title, BOTTOM + 46, [
    ...marks.flatMap((value) => [
      line(
        [
          [LEFT, up(value)],
          [RIGHT, up(value)],
        ],
        'faint',
      ),
      label(number(value), LEFT - 10, up(value) + 4, 'end'),
    ]),
    ...shown.map((at) => label(number(at), across(at), BOTTOM + 18, 'middle')),
    label(`${unit} over ${x}`, LEFT, BOTTOM + 38),
    ...series.flatMap((one, index) => drawn(one, index, { across, up })),
  ]);
}

interface Scales {
  readonly across: (at: number) => number;
  readonly up: (value: number) => number;
}

function drawn({ label: name, points }: Series, index: number, { across, up }: Scales): string[] {
  const path = points.map(([at, value]): Point => [across(at), up(value)]);
  const [, end = BOTTOM] = path.at(-1) ?? [];
  return [
    line(path, `line l${index}`),
    ...(path.length > 12 ? [] : path.map((point) => dot(point, 3, `s${index}`))),
    label(name, RIGHT + 10, end + 4, `s${index}`),
  ];
}

function acrossOf(places: readonly number[]): (at: number) => number {
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const scale = most / least > LOGARITHMIC_SPAN && least > 0 ? Math.log2 : (at: number) => at;
  const span = scale(most) - scale(least) || 1;
  return (at) => LEFT + ((scale(at) - scale(least)) / span) * (RIGHT - LEFT);
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= atLeast) ?? 10;
  return factor * power;
}
