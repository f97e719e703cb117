import { number, withUnit } from './words.ts';

export type Point = readonly [x: number, y: number];

/** One bar for each name. */
interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly bars: Readonly<Record<string, number>>;
}

/** Values along something that grows. */
interface LineChart {
  readonly title: string;
  readonly unit: string;
  /** What grows. */
  readonly x: string;
  readonly lines: Readonly<Record<string, readonly Point[]>>;
  /** Where a doubling is a step along the axis. */
  readonly isLogarithmic?: boolean;
  /** Draws the points alone, where one says nothing about the next. */
  readonly isScattered?: boolean;
  /** The corners of an area behind the lines. */
  readonly band?: readonly Point[];
}

export type Chart = BarChart | LineChart;

const WIDTH = 840;
const RIGHT = WIDTH - 190;
const ROW = 28;
/** Colours that everybody can tell apart, on white and on black: of ground, text, rules, a band, and the series. */
const LIGHT = ['#ffffff', '#1f2328', '#d0d7de', '#eaeef2', '#0969da', '#bc4c00', '#1a7f37', '#8250df'];
const DARK = ['#0d1117', '#e6edf3', '#3d444d', '#212830', '#58a6ff', '#f0883e', '#3fb950', '#bc8cff'];

function colours([ground, ink, faint, band, ...series]: readonly string[]): string {
  const fills = series.map((colour, index) => `.s${index}{fill:${colour}}.l${index}{stroke:${colour}}`).join('');
  return `.ground{fill:${ground}}text{fill:${ink}}.faint{stroke:${faint}}.band{fill:${band}}${fills}`;
}

/** A picture that follows the reader's light or dark scheme. */
function svg(title: string, height: number, parts: readonly string[]): string {
  const style = [
    'text{font:13px system-ui,sans-serif}.title{font-weight:600;font-size:15px}.end{text-anchor:end}',
    '.middle{text-anchor:middle}.faint{stroke-width:1}.line{stroke-width:1.6;fill:none;stroke-linejoin:round}',
    `${colours(LIGHT)}@media(prefers-color-scheme:dark){${colours(DARK)}}`,
  ].join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    // A ground of its own: the page around it may be dark where the reader's system is light.
    '<rect width="100%" height="100%" rx="6" class="ground"/>',
    text(title, 12, 22, 'title'),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

const round = (value: number): number => Math.round(value * 10) / 10;

function text(content: string, x: number, y: number, className = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" class="${className}">${escaped}</text>`;
}

function path(points: readonly Point[], className: string): string {
  return `<path d="M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}" class="${className}"/>`;
}

export function draw(chart: Chart): string {
  if ('lines' in chart) return lineChart(chart);
  const { title, unit, bars } = chart;
  const rows = Object.entries(bars).map(([name, value]) => {
    const colour = /^(?:bare|empty|moto|OpenBao)/.test(name) ? 3 : 0;
    return { name, value, colour, note: withUnit(value, unit) };
  });
  return rowChart({ title, rows, most: Math.max(...Object.values(bars)) });
}

export interface RowChart {
  readonly title: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: number;
    readonly note: string;
    readonly colour: number;
  }[];
  /** The value at the right end. */
  readonly most: number;
  /** Where an upright line stands, and what is written above it. */
  readonly mark?: readonly [value: number, word: string];
}

/** A bar for each name, with a note behind it. */
export function rowChart({ title, rows, most, mark: [limit, word] = [0, ''] }: RowChart): string {
  const [left, top] = [310, 56];
  const bottom = top + rows.length * ROW;
  const across = (value: number) => left + (Math.min(value, most) / most) * (RIGHT - left);
  const drawn = rows.flatMap(({ name, value, note, colour }, index) => {
    const middle = top + (index + 0.5) * ROW;
    const box = `x="${left}" y="${middle - 8}" width="${round(across(value) - left)}" height="16"`;
    return [
      text(name, left - 12, middle + 4, 'end'),
      `<rect ${box} class="s${colour}"/>`,
      text(note, across(Math.max(value, limit)) + 8, middle + 4),
    ];
  });
  const mark = [rule([across(limit), top - 4], [across(limit), bottom]), text(word, across(limit), top - 10, 'middle')];
  return svg(title, bottom + 16, [...mark, ...drawn]);
}

function lineChart(chart: LineChart): string {
  const { title, unit, x, lines, isLogarithmic = false, isScattered = false, band = [] } = chart;
  const [left, top, bottom] = [80, 50, 290];
  const points = Object.values(lines).flat();
  const places = [...new Set(points.map(([at]) => at))];
  const scale = isLogarithmic ? Math.log2 : (at: number) => at;
  const marks = {
    x: isLogarithmic ? places : ticks(places, 8),
    y: ticks([0, ...[...points, ...band].map(([, y]) => y)], 4),
  };
  const across = between(marks.x.map(scale), left, RIGHT);
  const up = between(marks.y, bottom, top);
  const placed = (of: readonly Point[]) => of.map(([at, value]): Point => [across(scale(at)), up(value)]);
  const dot = ([cx, cy]: Point, colour: number) =>
    `<circle cx="${round(cx)}" cy="${round(cy)}" r="2.4" class="s${colour}"/>`;
  return svg(title, bottom + 46, [
    band.length === 0 ? '' : path(placed(band), 'band'),
    ...marks.y.map((at) => rule([left, up(at)], [RIGHT, up(at)])),
    ...marks.y.map((at) => text(number(at), left - 10, up(at) + 4, 'end')),
    ...marks.x.map((at) => text(number(at), across(scale(at)), bottom + 18, 'middle')),
    text(`${unit} over ${x}`, left, bottom + 38),
    ...Object.values(lines).flatMap((of, colour) => [
      ...(isScattered ? [] : [path(placed(of), `line l${colour}`)]),
      ...(isScattered || points.length <= 24 ? placed(of).map((point) => dot(point, colour)) : []),
    ]),
    // What the colours mean, to the right of the picture.
    ...Object.keys(lines).map((name, colour) => text(`● ${name}`, RIGHT + 16, 66 + colour * 20, `s${colour}`)),
  ]);
}

function rule(...ends: readonly [Point, Point]): string {
  return path(ends, 'faint');
}

/** Places along an axis for values from the least to the greatest. */
function between(values: readonly number[], from: number, to: number): (value: number) => number {
  const least = Math.min(...values);
  const span = Math.max(...values) - least;
  return (value) => from + ((value - least) / span) * (to - from);
}

/** Round numbers that enclose some values, in steps of 1, 2 or 5 times a power of ten. */
function ticks(values: readonly number[], steps: number): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const power = 10 ** Math.floor(Math.log10((most - least) / steps));
  const step = power * ([1, 2, 5].find((factor) => factor * power * steps >= most - least) ?? 10);
  const first = Math.floor(least / step);
  return Array.from({ length: Math.ceil(most / step) - first + 1 }, (_, index) => (first + index) * step);
}
