import { flawsOf } from '../support/contract-flaws.ts';
import type { Exchange } from './clients.ts';
import { during, type Occurrence } from './outages.ts';

/** `huawei-kms` is promised to be back after 15 seconds. Answers without it may be on their way then. */
const BACK_MS = 15_000 + 3_000;
/** A request may be at work when a fault ends, and a rejected token is remembered. */
const PASSED_MS = 500;
const LOG_MS = 3_000;

/** @returns what is wrong with one answer, given the faults of the time from its request to it; empty if nothing is */
export function judge(
  { answer, wanted, needsIam = false }: Exchange,
  occurrences: readonly Occurrence[],
  fromMs: number,
  toMs: number,
): readonly string[] {
  const flaws = [...flawsOf(answer, wanted)];
  const degraded = answer.headers['x-entropy-degraded'];
  const mayLackKms = during(occurrences, fromMs, toMs, BACK_MS).some(({ isOfKms }) => isOfKms);
  if (degraded !== undefined && !(mayLackKms && answer.status === 200 && degraded === 'huawei-kms')) {
    flaws.push(`degraded without reason: ${degraded}`);
  }
  if (flaws.length === 0) return flaws;
  const isExcused = (excuse: Parameters<typeof flawsOf>[1]): boolean => flawsOf(answer, excuse).length === 0;
  const now = during(occurrences, fromMs, toMs, PASSED_MS);
  if (needsIam && now.some(({ iam }) => iam !== undefined && isExcused(iam))) return [];
  const isOfLog = during(occurrences, fromMs, toMs, LOG_MS).some((outage) => outage.isOfLog);
  return isOfLog && isExcused('429 APIGW.0308') ? [] : flaws;
}
