import { draw } from '../charts.ts';
import { type Results, readLatest } from '../page.ts';
import { fillGuide, number, table } from '../words.ts';
import { assumed } from './assumptions.ts';
import {
  HOSTS,
  type Measured,
  phasesOf,
  readMeasured,
  type Scenario,
  simulate,
  WITH_KMS,
  warmMs,
} from './simulation.ts';

const MILLION = 1e6;
const MEMORY_GIGABYTES = assumed('memoryMegabytes') / 1024;
/** The month of the assumptions, so many times over. */
const GROWTH = [0.1, 1, 10];
/** Up to what one instance remembers. */
const TOKENS = [10, 1_000, 10_000];

/** Dollars for a million requests, by what they are paid for. */
type Bill = Readonly<Record<string, number>>;

const sum = (bill: Bill): number => Object.values(bill).reduce((total, dollars) => total + dollars, 0);

/** Both clouds bill full milliseconds. @returns gigabyte-seconds of a million requests */
const billed = (milliseconds: number) => MILLION * (Math.ceil(milliseconds) / 1000) * MEMORY_GIGABYTES;

function lambdaBill(measured: Measured, withKms: boolean): Bill {
  const gigabytesOfLogs = (MILLION * (assumed('auditLineBytes') + assumed('platformLineBytes'))) / 1e9;
  return {
    requests: assumed('lambdaPerMillion'),
    duration: billed(warmMs(measured, withKms)) * assumed('lambdaPerGigabyteSecond'),
    logs: gigabytesOfLogs * assumed('logsPerGigabyte'),
    KMS: withKms ? assumed('kmsPerMillion') : 0,
    'HTTP API': assumed('httpApiPerMillion'),
  };
}

function functiongraphBill(measured: Measured): Bill {
  const duration = billed(warmMs(measured, false)) * assumed('functiongraphPerGigabyteSecond');
  return { requests: assumed('functiongraphPerMillion'), duration };
}

/** One instance is kept through the month; others as they are wanted. */
function containerBill({ perCpuSecond }: Measured, times: number): Bill {
  const requests = assumed('requestsOfAMonth') * times;
  const instanceSeconds = Math.max(assumed('secondsOfAMonth'), requests / (perCpuSecond * assumed('containerCpuUse')));
  const price = assumed('cloudRunPerCpuSecond') + MEMORY_GIGABYTES * assumed('cloudRunPerGigabyteSecond');
  return { instances: (instanceSeconds * price) / (requests / MILLION) };
}

/** Requests of a month in words. */
function billions(times: number): string {
  const requests = assumed('requestsOfAMonth') * times;
  return requests >= 1e9 ? `${number(requests / 1e9)} billion` : `${number(requests / MILLION)} million`;
}

/** Fills in docs/scale.md and makes its charts. */
export function writeScalePage(results: Results): void {
  const measured = readMeasured(results);
  const bills: readonly (readonly [name: string, bill: Bill])[] = [
    ['Lambda, local entropy', lambdaBill(measured, false)],
    ['Lambda, AWS KMS', lambdaBill(measured, true)],
    ['FunctionGraph, local entropy', functiongraphBill(measured)],
    ...GROWTH.map((times) => [`Knative, ${billions(times)} a month`, containerBill(measured, times)] as const),
  ];
  const needs = needsOf(measured);
  const validations = needs.slice(0, TOKENS.length * HOSTS.length);
  const parts = {
    figures: `A warm invocation at ${assumed('memoryMegabytes')} MB takes ${number(warmMs(measured, false))} ms with local entropy and
${number(warmMs(measured, true))} ms with AWS KMS; the container answers ${number(measured.perCpuSecond)} requests in a second of CPU.`,
    rates: rateTable(),
    needs: needsTable(needs),
    money: moneyTable(bills),
  };
  fillGuide('scale.md', parts, {
    'charts/scale-validations.svg': draw({
      title: 'IAM validations for a million requests, a billion requests a month',
      unit: 'times',
      bars: Object.fromEntries(
        validations.map(({ host, tokens, asked }) => [`${host}, ${number(tokens)} tokens`, asked]),
      ),
    }),
    'charts/scale-money.svg': draw({
      title: 'Dollars for a million requests',
      unit: '$',
      bars: Object.fromEntries(bills.map(([name, bill]) => [name, sum(bill)])),
    }),
  });
}

function rateTable(): string {
  const [least, most] = [assumed('kmsQuotaLeast'), assumed('kmsQuotaMost')];
  return table(
    ['requests a month', 'a second on average', 'in the busiest hour', 'in a burst', 'AWS KMS’s quota allows that'],
    GROWTH.map((times) => {
      const [mean, peak, { perSecond: burst }] = phasesOf(times);
      const region = burst <= most ? `in a region of ${number(most)}, or raised` : 'if it is raised';
      const rates = [mean.perSecond, peak.perSecond, burst].map(number);
      return [billions(times), ...rates, burst <= least ? 'everywhere' : region];
    }),
  );
}

function needsOf(measured: Measured) {
  const month = { times: 1, tokens: assumed('tokens') };
  const others = GROWTH.filter((times) => times !== month.times);
  const steps = [...TOKENS.map((tokens) => ({ ...month, tokens })), ...others.map((times) => ({ ...month, times }))];
  const scenarios: Scenario[] = steps.flatMap((step) => HOSTS.map((host) => ({ ...step, host })));
  return [...scenarios, { ...month, host: WITH_KMS } as const].map((scenario) => {
    const { requests, starts, validations, instances } = simulate(scenario, measured);
    const perMillion = (count: number) => (count / requests) * MILLION;
    return { ...scenario, instances, validations, started: perMillion(starts), asked: perMillion(validations) };
  });
}

function needsTable(all: ReturnType<typeof needsOf>): string {
  const rows = all.map(({ host, times, tokens, instances, started, asked, validations }) => {
    const seconds = phasesOf(times).reduce((total, phase) => total + phase.seconds, 0);
    const isQuick = phasesOf(times)[2].perSecond <= assumed('lambdaRequestQuota');
    const isAllowed = isQuick && instances <= assumed('lambdaConcurrency') ? 'yes' : 'no';
    return [
      ...[billions(times), number(tokens), host, number(instances), host === 'container' ? '' : isAllowed],
      ...[started, asked, validations / seconds].map(number),
    ];
  });
  const head = ['requests a month', 'tokens', '', 'instances', 'Lambda’s default quota allows that'];
  const counts = ['starts for a million requests', 'IAM validations for a million requests', 'a second'];
  return table([...head, ...counts], rows);
}

function moneyTable(bills: readonly (readonly [name: string, bill: Bill])[]): string {
  const items = [...new Set(bills.flatMap(([, bill]) => Object.keys(bill)))];
  const dollars = (amount?: number) => (amount === undefined ? '' : `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`);
  return table(
    ['', ...items, 'together', 'share of the duration'],
    bills.map(([name, bill]) => [
      name,
      ...[...items.map((item) => bill[item]), sum(bill)].map(dollars),
      bill.duration === undefined ? '' : `${number((bill.duration / sum(bill)) * 100)} %`,
    ]),
  );
}

if (import.meta.main) writeScalePage(readLatest());
