import { draw } from '../charts.ts';
import { type Results, readLatest } from '../page.ts';
import { fillGuide, number, table } from '../words.ts';
import { assumed, HOSTS, type Measured, phasesOf, readMeasured, simulate, WITH_KMS, warmMs } from './simulation.ts';

const MILLION = 1e6;
const MEMORY_GIGABYTES = assumed('memoryMegabytes') / 1024;
/** The month of the assumptions, so many times over. */
const GROWTH = [0.1, 1, 10];
/** Up to what one instance remembers. */
const TOKENS = [10, 1_000, 10_000];

/** Dollars for a million requests, by what they are paid for. */
type Bill = Readonly<Record<string, number>>;

const sum = (bill: Bill): number => Object.values(bill).reduce((total, dollars) => total + dollars, 0);

/** Requests of a month in words. */
function billions(times: number): string {
  const requests = assumed('requestsOfAMonth') * times;
  return requests >= 1e9 ? `${number(requests / 1e9)} billion` : `${number(requests / MILLION)} million`;
}

function billsOf(measured: Measured): Readonly<Record<string, Bill>> {
  // Both clouds bill full milliseconds.
  const gigabyteSeconds = (withKms: boolean) =>
    MILLION * (Math.ceil(warmMs(measured, withKms)) / 1000) * MEMORY_GIGABYTES;
  const logBytes = MILLION * (assumed('auditLineBytes') + assumed('platformLineBytes'));
  const lambda = (withKms: boolean) => ({
    requests: assumed('lambdaPerMillion'),
    duration: gigabyteSeconds(withKms) * assumed('lambdaPerGigabyteSecond'),
    logs: (logBytes / 1e9) * assumed('logsPerGigabyte'),
    'HTTP API': assumed('httpApiPerMillion'),
  });
  // One instance is kept through the month; others as they are wanted.
  const perSecond = measured.perCpuSecond * assumed('containerCpuUse');
  const price = assumed('cloudRunPerCpuSecond') + MEMORY_GIGABYTES * assumed('cloudRunPerGigabyteSecond');
  const container = (requests: number) => ({
    instances: (Math.max(assumed('secondsOfAMonth'), requests / perSecond) * price) / (requests / MILLION),
  });
  const months = GROWTH.map((times) => {
    return [`Knative, ${billions(times)} a month`, container(assumed('requestsOfAMonth') * times)] as const;
  });
  return {
    'Lambda, local entropy': lambda(false),
    'Lambda, AWS KMS': { ...lambda(true), KMS: assumed('kmsPerMillion') },
    'FunctionGraph, local entropy': {
      requests: assumed('functiongraphPerMillion'),
      duration: gigabyteSeconds(false) * assumed('functiongraphPerGigabyteSecond'),
    },
    ...Object.fromEntries(months),
  };
}

/** Fills in docs/scale.md and makes its charts. */
export function writeScalePage(results: Results): void {
  const measured = readMeasured(results);
  const bills = Object.entries(billsOf(measured));
  const needs = needsOf(measured);
  const validations = needs.slice(0, TOKENS.length * HOSTS.length);
  const parts = {
    figures: `A warm invocation at ${assumed('memoryMegabytes')} MB takes
${number(warmMs(measured, false))} ms with local entropy and ${number(warmMs(measured, true))} ms with AWS KMS.
The container answers ${number(measured.perCpuSecond)} requests in a second of CPU.`,
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
  const rows = GROWTH.map((times) => {
    const [mean, peak, { perSecond: burst }] = phasesOf(times);
    const region = burst <= most ? `in a region of ${number(most)}, or raised` : 'if it is raised';
    const rates = [mean.perSecond, peak.perSecond, burst].map(number);
    return [billions(times), ...rates, burst <= least ? 'everywhere' : region];
  });
  const rates = ['a second on average', 'in the busiest hour', 'in a burst'];
  return table(['requests a month', ...rates, 'AWS KMS’s quota allows that'], rows);
}

function needsOf(measured: Measured) {
  const month = { times: 1, tokens: assumed('tokens') };
  const others = GROWTH.filter((times) => times !== month.times);
  const steps = [...TOKENS.map((tokens) => ({ ...month, tokens })), ...others.map((times) => ({ ...month, times }))];
  const scenarios = steps.flatMap((step) => HOSTS.map((host: string) => ({ ...step, host })));
  return [...scenarios, { ...month, host: WITH_KMS }].map((scenario) => {
    const { requests, starts, validations, instances } = simulate(scenario, measured);
    const [started = 0, asked = 0] = [starts, validations].map((count) => (count / requests) * MILLION);
    return { ...scenario, instances, validations, started, asked };
  });
}

function needsTable(all: ReturnType<typeof needsOf>): string {
  const rows = all.map(({ host, times, tokens, instances, started, asked, validations }) => {
    const seconds = phasesOf(times).reduce((total, phase) => total + phase.seconds, 0);
    const isQuick = phasesOf(times)[2].perSecond <= assumed('lambdaRequestQuota');
    const isAllowed = isQuick && instances <= assumed('lambdaConcurrency') ? 'yes' : 'no';
    const counts = [started, asked, validations / seconds].map(number);
    return [billions(times), number(tokens), host, number(instances), host === 'container' ? '' : isAllowed, ...counts];
  });
  const counts = ['starts for a million requests', 'IAM validations for a million requests', 'a second'];
  return table(['requests a month', 'tokens', '', 'instances', 'Lambda’s default quota allows that', ...counts], rows);
}

function moneyTable(bills: readonly (readonly [name: string, bill: Bill])[]): string {
  const items = [...new Set(bills.flatMap(([, bill]) => Object.keys(bill)))];
  const dollars = (amount?: number) => (amount === undefined ? '' : `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`);
  const rows = bills.map(([name, bill]) => {
    const share = bill.duration === undefined ? '' : `${number((bill.duration / sum(bill)) * 100)} %`;
    return [name, ...items.map((item) => dollars(bill[item])), dollars(sum(bill)), share];
  });
  return table(['', ...items, 'together', 'share of the duration'], rows);
}

if (import.meta.main) writeScalePage(readLatest());
