import { assumed } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { warmMs } from './scenarios.ts';

/** Dollars for a million requests, by what they are paid for. */
export type Bill = Readonly<Record<string, number>>;

const MILLION = 1e6;
const GIGA = 1e9;
const MEGABYTES_OF_A_GIGABYTE = 1024;

export function lambdaBill(measured: Measured, withKms: boolean): Bill {
  const gigabytes = assumed('memoryMegabytes') / MEGABYTES_OF_A_GIGABYTE;
  const logBytes = assumed('auditLineBytes') + assumed('platformLineBytes');
  return {
    requests: assumed('lambdaPerMillion'),
    duration: MILLION * billedSeconds(warmMs(measured, withKms)) * gigabytes * assumed('lambdaPerGigabyteSecond'),
    logs: ((MILLION * logBytes) / GIGA) * assumed('logsPerGigabyte'),
    KMS: withKms ? assumed('kmsPerMillion') : 0,
    'HTTP API': assumed('httpApiPerMillion'),
  };
}

/** Without the gateway, which is paid by the hour, and without the log service, whose price differs by region. */
export function functiongraphBill(measured: Measured): Bill {
  const gigabytes = assumed('memoryMegabytes') / MEGABYTES_OF_A_GIGABYTE;
  const seconds = billedSeconds(warmMs(measured, false));
  return {
    requests: assumed('functiongraphPerMillion'),
    duration: MILLION * seconds * gigabytes * assumed('functiongraphPerGigabyteSecond'),
  };
}

/** One instance is kept through the month; others as they are wanted. */
export function containerBill(measured: Measured, times: number): Bill {
  const seconds = assumed('secondsOfAMonth');
  const requests = assumed('requestsOfAMonth') * times;
  const wanted = requests / (measured.perCpuSecond * assumed('containerCpuUse'));
  const instanceSeconds = Math.max(seconds, wanted);
  const gigabytes = assumed('memoryMegabytes') / MEGABYTES_OF_A_GIGABYTE;
  const price = assumed('cloudRunPerCpuSecond') + gigabytes * assumed('cloudRunPerGigabyteSecond');
  return { instances: (instanceSeconds * price) / (requests / MILLION) };
}

export function sum(bill: Bill): number {
  return Object.values(bill).reduce((total, dollars) => total + dollars, 0);
}

/** Both clouds bill full milliseconds. */
function billedSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds) / 1000;
}
