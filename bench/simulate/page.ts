import { draw } from '../charts.ts';
import { type Results, readLatest } from '../page.ts';
import { fillGuide, number, table } from '../words.ts';
import { assumed } from './assumptions.ts';
import { HOSTS, type Measured, phasesOf, readMeasured, type Scenario, simulate, warmMs } from './simulation.ts';

const MILLION = 1e6;
const MEMORY_GIGABYTES = assumed('memoryMegabytes') / 1024;
/** The month of the assumptions, so many times over. */
const GROWTH = [0.1, 1, 10];
/** Beside the tokens of the assumptions, up to what one instance remembers. */
const TOKENS = [10, 10_000];

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
  const needs = allNeeds(measured);
  const overTokens = needs.filter(({ times, withKms }) => times === 1 && !withKms);
  const validations = overTokens.toSorted((one, other) => one.tokens - other.tokens);
  const bars = {
    validations: validations.map(({ host, tokens, asked }) => [`${host}, ${number(tokens)} tokens`, asked]),
    money: bills.map(([name, bill]) => [name, sum(bill)]),
  };
  const title = 'IAM validations for a million requests, a billion requests a month';
  const parts = {
    figures: `A warm invocation at ${assumed('memoryMegabytes')} MB takes ${number(warmMs(measured, false))} ms with local entropy and
${number(warmMs(measured, true))} ms with AWS KMS; the container answers ${number(measured.perCpuSecond)} requests in a second of CPU.`,
    rates: rateTable(),
    needs: needsTable(needs),
    money: moneyTable(bills),
  };
  fillGuide('scale.md', parts, {
    'charts/scale-validations.svg': draw({ title, unit: 'times', bars: Object.fromEntries(bars.validations) }),
    'charts/scale-money.svg': draw({
      title: 'Dollars for a million requests',
      unit: '$',
      bars: Object.fromEntries(bars.money),
    }),
  });
}

function rateTable(): string {
  const [least, most] = [assumed('kmsQuotaLeast'), assumed('kmsQuotaMost')];
  return table(
    ['requests a month', 'a second on average', 'in the busiest hour', 'in a burst', 'AWS KMS’s quota allows that'],
    GROWTH.map((times) => {
      const rates = phasesOf(times)
        .slice(0, 3)
        .map(({ perSecond }) => perSecond);
      const burst = Math.max(...rates);
      const region = burst <= most ? `in a region of ${number(most)}, or raised` : 'if it is raised';
      return [billions(times), ...rates.map(number), burst <= least ? 'everywhere' : region];
    }),
  );
}

function allNeeds(measured: Measured) {
  const month = { times: 1, tokens: assumed('tokens') };
  const steps = [...GROWTH.map((times) => ({ ...month, times })), ...TOKENS.map((tokens) => ({ ...month, tokens }))];
  const scenarios: Scenario[] = steps.flatMap((step) => HOSTS.map((host) => ({ ...step, host })));
  return [...scenarios, { ...month, host: HOSTS[0], withKms: true }].map((scenario) => {
    const needs = simulate(scenario, measured);
    const perMillion = (count: number) => (count / needs.requests) * MILLION;
    return {
      withKms: false,
      ...scenario,
      ...needs,
      started: perMillion(needs.starts),
      asked: perMillion(needs.validations),
    };
  });
}

function needsTable(all: ReturnType<typeof allNeeds>): string {
  const seconds = (times: number) => phasesOf(times).reduce((total, phase) => total + phase.seconds, 0);
  return table(
    [
      ...['requests a month', 'tokens', '', 'instances', 'Lambda’s default quota allows that'],
      ...['starts for a million requests', 'IAM validations for a million requests', 'a second'],
    ],
    all.map(({ host, times, tokens, instances, started, asked, validations, withKms }) => {
      const isAllowed =
        instances <= assumed('lambdaConcurrency') && phasesOf(times)[2].perSecond <= assumed('lambdaRequestQuota');
      return [
        ...[billions(times), number(tokens), withKms ? `${host}, with KMS` : host, number(instances)],
        ...[host === 'container' ? '' : isAllowed ? 'yes' : 'no'],
        ...[started, asked, validations / seconds(times)].map(number),
      ];
    }),
  );
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
