import { table } from '../markdown.ts';
import { billions, GROWTH } from './growth.ts';
import type { Measured } from './measured.ts';
import { type Bill, containerBill, functiongraphBill, lambdaBill, sum } from './money.ts';

/** The bills of the page, in its order. */
export function bills(measured: Measured): readonly (readonly [name: string, bill: Bill])[] {
  return [
    ['Lambda, local entropy', lambdaBill(measured, false)],
    ['Lambda, AWS KMS', lambdaBill(measured, true)],
    ['FunctionGraph, local entropy', functiongraphBill(measured)],
    ...GROWTH.map((times) => [`Knative, ${billions(times)} a month`, containerBill(measured, times)] as const),
  ];
}

export function moneyTable(measured: Measured): string {
  const all = bills(measured);
  const items = [...new Set(all.flatMap(([, bill]) => Object.keys(bill)))];
  return `${table(
    ['', ...items, 'together'],
    all.map(([name, bill]) => [name, ...items.map((item) => dollars(bill[item])), dollars(sum(bill))]),
  )}

FunctionGraph is without its gateway, which is paid by the hour, and without the log service; both have no one public price. Knative is priced as a managed one; on nodes of your own it is
their price. KMS on the other two costs the same for each request. IAM costs nothing.`;
}

function dollars(amount: number | undefined): string {
  return amount === undefined ? '' : `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
}
