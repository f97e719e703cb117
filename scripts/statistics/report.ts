import { draw, type Point } from '../../bench/charts.ts';
import { fillGuide, number, table } from '../../bench/words.ts';
import type { Result } from './measure.ts';
import { haveAllPassed, isBad, type ToolResults } from './tools.ts';

const MEGA = 1_000_000;
/** Of random values one in a thousand is farther out, on either side. */
const ONE_IN_A_THOUSAND = 3.29;

/** Fills in docs/statistics.md and makes its pictures. */
export function publish(result: Result): void {
  const { streams, controls } = result;
  const parts = { run: runText(result), streams: streamTable(streams), controls: controlTable(controls) };
  fillGuide('statistics.md', parts, {
    'statistics/p-values.svg': pValues(result),
    'statistics/bytes.svg': byteDeviations(result),
    'statistics/balance.svg': balanceWalks(result),
  });
}

/** Of the tests whose statistic is continuous enough to be spread evenly. */
const CONTINUOUS = ['monobit', 'runs', 'poker', 'bytes'] as const;

function pValues({ streams }: Result): string {
  const sorted = streams.map(({ name, battery, tools }) => {
    const own = battery.flatMap((part) => CONTINUOUS.map((test) => part[test]));
    const all = [...own, ...tools.dieharder.flatMap(({ pValues: theirs }) => theirs)].toSorted(
      (one, other) => one - other,
    );
    return [name, all.map((p, index): Point => [(100 * (index + 0.5)) / all.length, p])] as const;
  });
  return draw({
    title: 'P-values of all tests, the smallest first',
    unit: 'p',
    x: 'percent of them',
    lines: Object.fromEntries(sorted),
  });
}

function byteDeviations({ streams }: Result): string {
  const deviations = streams.map(({ name, bytes, histogram }) => {
    const expected = bytes / 256;
    const scale = Math.sqrt(expected * (255 / 256));
    return [name, histogram.map((count, value): Point => [value, (count - expected) / scale])] as const;
  });
  return draw({
    title: 'How often each byte came: deviation from the even share',
    unit: 'standard deviations',
    x: 'byte',
    lines: Object.fromEntries(deviations),
    isScattered: true,
    band: [-1, 1].flatMap((sign) => [sign, -sign].map((side): Point => [side < 0 ? 0 : 255, sign * ONE_IN_A_THOUSAND])),
  });
}

function balanceWalks({ streams }: Result): string {
  const walks = streams.map(({ name, balance, bytes }) => {
    const points = [0, ...balance].map(
      (sum, step): Point => [(100 * step) / balance.length, sum / Math.sqrt(bytes * 8)],
    );
    return [name, points] as const;
  });
  const edge = (sign: number) =>
    Array.from({ length: 101 }, (_, share): Point => [share, sign * ONE_IN_A_THOUSAND * Math.sqrt(share / 100)]);
  return draw({
    title: 'Balance of ones and zeros along each stream',
    unit: 'ones minus zeros, in standard deviations of the whole,',
    x: 'percent of the stream',
    lines: Object.fromEntries(walks),
    band: [...edge(1), ...edge(-1).reverse()],
  });
}

const verdict = (passed: boolean): string => (passed ? 'passed' : '**failed**');

function streamTable(streams: Result['streams']): string {
  const rows = streams.map(({ name, bytes, battery, tools, passed }) => {
    const { rngtest, ent } = tools;
    const least = Math.min(...battery.flatMap((part) => Object.values(part)));
    return [
      `\`${name}\``,
      `${bytes / MEGA} MB`,
      `${rngtest.failures} of ${number(rngtest.blocks)} (limit ${rngtest.limit})`,
      `${ent.entropy.toFixed(6)}, ${ent.percent.toFixed(2)} %, ${ent.serialCorrelation.toFixed(6)}`,
      dieharderWords(tools),
      least.toPrecision(2),
      verdict(passed),
    ];
  });
  const ent = 'ent: entropy, chi-square, serial correlation';
  return table(['stream', 'size', 'rngtest: failed blocks', ent, 'dieharder', 'own tests: least p', ''], rows);
}

function dieharderWords({ dieharder }: ToolResults): string {
  const count = dieharder.reduce((sum, { pValues: of }) => sum + of.length, 0);
  const failing = dieharder.filter(isBad).map(({ test }) => test);
  const weak = dieharder.filter(({ isSecondRun }) => isSecondRun);
  const seconds = weak.map(({ test, assessment }) => `${test} weak, then ${assessment.toLowerCase()}`);
  const words = failing.length === 0 ? `${count} p-values, none failed` : `failed: ${failing.join(', ')}`;
  return [words, ...seconds].join('; ');
}

function controlTable(controls: Result['controls']): string {
  const rows = controls.map(({ name, battery, tools }) => {
    const { rngtest, ent, dieharder } = tools;
    const failing = dieharder.filter(isBad).length;
    return [
      name,
      rngtest.passed ? '–' : `caught: ${number(rngtest.failures)} of ${number(rngtest.blocks)}`,
      ent.passed ? '–' : 'caught',
      failing === 0 ? '–' : `caught: ${failing} of ${dieharder.length} tests`,
      battery.length === 0 ? '–' : battery.join(', '),
      haveAllPassed(tools) ? '**not caught**' : 'caught',
    ];
  });
  return table(['control', 'rngtest', 'ent', 'dieharder', 'own tests', ''], rows);
}

function runText({ streams, tools, date, seconds, passed, node, openssl, system }: Result): string {
  const total = streams.reduce((sum, { bytes }) => sum + bytes, 0);
  const programs = Object.entries(tools).map(([name, version]) => `${name} ${version}`);
  return `${date}: ${number(total / MEGA)} MB in ${number(seconds)} s, ${verdict(passed)}; HTTP gave its share in
${number(Math.ceil(total / streams.length / 1024))} requests. Node ${node} with OpenSSL ${openssl},
${system}, ${programs.join(', ')}.`;
}
