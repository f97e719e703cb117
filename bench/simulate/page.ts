import { table } from '../markdown.ts';
import type { Results } from '../results.ts';
import { number } from '../wording.ts';
import { ASSUMPTIONS, assumed, LOOKED_UP } from './assumptions.ts';
import { moneyTable } from './bills.ts';
import { billions, GROWTH, type Grown, growthTable, needsTable } from './growth.ts';
import type { Measured } from './measured.ts';
import { type Bill, lambdaBill, sum } from './money.ts';
import { burstRate, phasesOf, warmMs } from './scenarios.ts';

export function scalePage(results: Results, measured: Measured, growth: readonly Grown[]): string {
  const [mean, peak] = phasesOf(1);
  return `<!-- Made by \`node bench/simulate/run.ts\` from bench/results/latest.json. -->
# Scale

What ${billions(1)} requests a month need and cost, from the figures of [performance.md](performance.md) (${results.date}), a small simulation (\`bench/simulate/\`)
and the platforms’ public limits and prices (read on ${LOOKED_UP}, some in stored copies that may be older). Every number that was not measured stands under [Assumptions](#assumptions) with its source; change
it in \`bench/simulate/assumptions.ts\` and run \`node bench/simulate/run.ts\`.

${billions(1)} requests a month are ${number(mean?.perSecond ?? 0)} a second on average, ${number(peak?.perSecond ?? 0)} in the busiest hour and ${number(burstRate(1))} in a burst. A warm invocation at
${assumed('memoryMegabytes')} MB takes ${number(warmMs(measured, false))} ms with local entropy and ${number(warmMs(measured, true))} ms with AWS KMS; the container answers ${number(measured.perCpuSecond)} requests in a second of CPU.

## What it needs

A function gives each instance one request at a time, on Lambda and on FunctionGraph alike. Which idle instance takes a request is not public, so both ends are shown: any of them, or always
the fullest. A container takes many at once. Simulated: ten minutes at the mean, ten at the peak, a burst of ${assumed('burstSeconds')} seconds, ten minutes at the mean. "At work" is the most at once, which is what a concurrency quota counts.

${needsTable(measured)}

- A new instance is at work for its whole start: in a burst the starts themselves ask for more instances. What the cold start costs is paid there, not in money.
- Lambda’s default quota is ${number(assumed('lambdaConcurrency'))} instances at work and ${number(assumed('lambdaRequestQuota'))} requests a second. For requests as short as these the second one is met first.
- FunctionGraph’s is ${number(assumed('functiongraphConcurrency'))} instances of an account in a region.
- IAM is asked once for each token, instance and ${assumed('tokenTtlSeconds')} seconds at most. What IAM itself allows is not public; it answers 429 beyond it, which is a 502 here.

## How it grows

${growthTable(growth)}

Instances grow with the requests, validations with instances times tokens until each token comes to an instance less than once in its life there: then every request asks. The
container keeps few instances, and each remembers for all: with many tokens it asks IAM least.

![Validations for a million requests](charts/scale-validations.svg)

## What it costs

Dollars for a million requests, list prices.

${moneyTable(measured)}

![Dollars for a million requests](charts/scale-money.svg)

Of a request on Lambda the gateway, the logs and the request fee are nearly everything: the time that this code takes is ${share(lambdaBill(measured, false), 'duration')} of it. A Function URL instead of the
HTTP API takes off $${number(assumed('httpApiPerMillion'))}. The container costs what one small instance costs until that is full.

## KMS against its quota

AWS KMS is asked once for each request. ${kmsText()} Huawei’s KMS documents ${assumed('huaweiKmsQuota')} requests a second for one user: ${number((assumed('huaweiKmsQuota') * assumed('secondsOfAMonth')) / 1e6)} million a month without any peak. It is a source for
few and important draws, not for this load: beyond it the answer is 429, or with \`ENTROPY_ON_FAILURE=degrade\` the rest of the sources.

## Assumptions

${assumptionTable()}
`;
}

function kmsText(): string {
  const [least, most] = [assumed('kmsQuotaLeast'), assumed('kmsQuotaMost')];
  const rows = GROWTH.map((times) => {
    const rate = burstRate(times);
    const fits =
      rate <= least
        ? 'fits everywhere'
        : rate <= most
          ? `needs a region of ${number(most)} or a raised quota`
          : 'needs a raised quota';
    return `${billions(times)} a month: ${number(rate)} a second in a burst, which ${fits}`;
  });
  return `Its quota is ${number(least)} to ${number(most)} a second by region, shared with every other symmetric operation of the account. ${rows.join('; ')}.`;
}

function assumptionTable(): string {
  return table(
    ['', 'value', 'source'],
    ASSUMPTIONS.map(({ name, value, unit, source }) => [
      name,
      `${value.toLocaleString('en', { maximumSignificantDigits: 6 })} ${unit}`,
      source,
    ]),
  );
}
function share(bill: Bill, item: string): string {
  return `${number(((bill[item] ?? 0) / sum(bill)) * 100)} %`;
}
