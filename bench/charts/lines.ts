import { dot, label, line, type Point, svg, WIDTH } from '../../scripts/statistics/svg.ts';
import type { Chart, Series } from '../measurement.ts';
import { number } from '../wording.ts';

const LEFT = 80;
const RIGHT = WIDTH - 150;
const TOP = 50;
const HEIGHT = 240;
const BOTTOM = TOP + HEIGHT;
/** Of the longest number under the axis. */
const MARK_WIDTH = 56;
/** Between two names. */
const NAME_HEIGHT = 16;

/** Values along something that grows, from zero up. */
export function lines({ title, x = '', unit, series, isLogarithmic = false }: Chart): string {
  const across = acrossOf(
    series.flatMap(({ points }) => points.map(([at]) => at)),
    isLogarithmic,
  );
  const highest = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)));
  const step = niceStep(highest / 4);
  const top = Math.ceil(highest / step) * step;
  const up = (value: number) => BOTTOM - (value / top) * HEIGHT;
  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  const places = (series[0]?.points ?? []).map(([at]) => at);
  const shown = apart(places, across);
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
    ...names(series, up),
  ]);
}

/** Those that leave room between the numbers written under them. */
function apart(places: readonly number[], across: (at: number) => number): number[] {
  const shown: number[] = [];
  for (const at of places) {
    const before = shown.at(-1);
    if (before === undefined || across(at) - across(before) > MARK_WIDTH) shown.push(at);
  }
  return shown;
}

interface Scales {
  readonly across: (at: number) => number;
  readonly up: (value: number) => number;
}

function drawn({ points }: Series, index: number, { across, up }: Scales): string[] {
  const path = points.map(([at, value]): Point => [across(at), up(value)]);
  return [line(path, `line l${index}`), ...(path.length > 12 ? [] : path.map((point) => dot(point, 3, `s${index}`)))];
}

/** Behind the ends of their lines, from the top down, none on another. */
function names(series: readonly Series[], up: Scales['up']): string[] {
  const ends = series.map(({ label: name, points }, index) => ({ name, index, y: up(points.at(-1)?.[1] ?? 0) }));
  let above = Number.NEGATIVE_INFINITY;
  return ends
    .toSorted((left, right) => left.y - right.y)
    .map(({ name, index, y }) => {
      above = Math.max(y, above + NAME_HEIGHT);
      return label(name, RIGHT + 10, above + 4, `s${index}`);
    });
}

function acrossOf(places: readonly number[], isLogarithmic: boolean): (at: number) => number {
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const scale = isLogarithmic ? Math.log2 : (at: number) => at;
  const span = scale(most) - scale(least) || 1;
  return (at) => LEFT + ((scale(at) - scale(least)) / span) * (RIGHT - LEFT);
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= atLeast) ?? 10;
  return factor * power;
}
