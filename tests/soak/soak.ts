import { setTimeout as pause } from 'node:timers/promises';
import { startIamBackend } from '../support/iam-backend.ts';
import { startKmsBackend } from '../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../support/kms-huawei-dialect.ts';
import { AKSK_CREDENTIALS } from '../support/signed-request.ts';
import { STATIC } from '../support/started-service.ts';
import { createAuditBook } from './audit-book.ts';
import { CLIENTS, closeKept } from './clients.ts';
import { startContainer } from './container.ts';
import { judge } from './judge.ts';
import { type Occurrence, OUTAGES, type Parts } from './outages.ts';
import { type Growth, growths, type Sample, takeSample } from './samples.ts';

export interface SoakResult {
  readonly bound: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** What was wrong with answers; the first of them. */
  readonly wrong: readonly string[];
  readonly wrongAnswers: number;
  readonly audit: {
    readonly lines: number;
    readonly missing: number;
    readonly doubled: number;
    readonly different: number;
  };
  readonly growth: readonly Growth[];
  readonly samples: readonly Sample[];
  readonly peakBytes: number | undefined;
  readonly exit: string;
}

/** Requests a second: what one busy core takes, with the clients on the other. */
const RATE = 150;
const MOST_AT_ONCE = 400;
const TICK_MS = 50;
const SAMPLE_MS = 1_000;
const SHOWN = 20;
/** Node's servers end a connection that is idle for five seconds, and its scan may be a second late. */
const BACKENDS_KEEP_MS = 7_000;

export async function soak(seconds: number): Promise<SoakResult> {
  const iam = await startIamBackend();
  const kms = await startKmsBackend(huaweiDialect);
  const book = createAuditBook();
  const { STATIC_TOKENS = '' } = STATIC;
  const environment = {
    AUTH_METHODS: 'iam,static,aksk',
    STATIC_TOKENS,
    AKSK_CREDENTIALS,
    IAM_URL: iam.url,
    TOKEN_CACHE_ENTRIES: '500',
    ENTROPY_SOURCES: 'node-crypto,os,huawei-kms',
    ENTROPY_ON_FAILURE: 'degrade',
    HUAWEI_KMS_URL: kms.origin,
    HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
    HUAWEI_ACCESS_KEY: HUAWEI_KEYS.accessKey,
    HUAWEI_SECRET_KEY: HUAWEI_KEYS.secretKey,
    HUAWEI_SECURITY_TOKEN: HUAWEI_KEYS.securityToken,
  };
  const container = await startContainer(environment, book.line);
  try {
    return await run({ iam, kms, container }, book, seconds * 1000);
  } finally {
    container.dispose();
    iam.close();
    kms.close();
  }
}

async function run(parts: Parts, book: ReturnType<typeof createAuditBook>, lengthMs: number): Promise<SoakResult> {
  const { container } = parts;
  const load = createLoad(container.port, book.answer);
  // Everything is loaded and connected once before the first look.
  for (const client of Object.keys(CLIENTS)) load.start(client);
  await load.settled();
  closeKept();
  const before = await untilQuiet(container.metricsPort);

  const samples: Sample[] = [];
  const endsAtMs = performance.now() + lengthMs;
  const outages = comeAndGo(parts, load.occurrences, lengthMs, endsAtMs);
  let nextSampleMs = 0;
  for (let nowMs = performance.now(); nowMs < endsAtMs; nowMs = performance.now()) {
    load.startSome(RATE * (TICK_MS / 1000));
    if (nowMs >= nextSampleMs) {
      nextSampleMs = nowMs + SAMPLE_MS;
      samples.push(await takeSample(container.metricsPort));
    }
    await pause(TICK_MS);
  }
  await outages;
  await load.settled();
  closeKept();
  const after = await untilQuiet(container.metricsPort);
  const peakBytes = container.peak();
  const { code, stderr } = await container.stop();
  return {
    ...load.result(),
    bound: container.bound,
    audit: book.result(),
    growth: growths([before, after], samples),
    samples,
    peakBytes,
    exit: `${code}${stderr === '' ? '' : `: ${stderr}`}`,
  };
}

/** One fault after the other, with as much time between two of them. None at the end, so that all can heal. */
async function comeAndGo(parts: Parts, occurrences: Occurrence[], lengthMs: number, endsAtMs: number): Promise<void> {
  const phaseMs = Math.min(10_000, lengthMs / (2 * OUTAGES.length + 1));
  for (let turn = 0; performance.now() + 2 * phaseMs < endsAtMs; turn += 1) {
    await pause(phaseMs);
    const outage = OUTAGES[turn % OUTAGES.length];
    if (outage === undefined) return;
    const occurrence: Occurrence = { outage, beganMs: performance.now(), endedMs: undefined };
    occurrences.push(occurrence);
    await outage.begin(parts);
    await pause(phaseMs);
    await outage.end(parts);
    occurrence.endedMs = performance.now();
  }
}

/** Waits until no client is connected and IAM and the KMS have ended idle connections. @returns the last look */
async function untilQuiet(metricsPort: number): Promise<Sample> {
  await pause(BACKENDS_KEEP_MS);
  for (let count = 0; ; count += 1) {
    const sample = await takeSample(metricsPort);
    if ((sample.connections === 0 && sample.inFlight === 0) || count === 20) return sample;
    await pause(500);
  }
}

function createLoad(port: number, onAnswer: (requestId: string, status: number) => void) {
  const occurrences: Occurrence[] = [];
  const requests: Record<string, number> = {};
  const answers: Record<string, number> = {};
  const wrong: string[] = [];
  const running = new Set<Promise<void>>();
  const total = Object.values(CLIENTS).reduce((sum, [share]) => sum + share, 0);
  let wrongAnswers = 0;
  let owed = 0;

  function complain(sentence: string): void {
    wrongAnswers += 1;
    if (wrong.length < SHOWN) wrong.push(sentence);
  }

  async function ask(name: string): Promise<void> {
    const [, client] = CLIENTS[name] ?? [];
    const fromMs = performance.now();
    requests[name] = (requests[name] ?? 0) + 1;
    const exchanges = await client?.(port).catch((error: Error) => complain(`${name}: not answered: ${error.message}`));
    const toMs = performance.now();
    for (const exchange of exchanges ?? []) {
      const { status, headers } = exchange.answer;
      answers[status] = (answers[status] ?? 0) + 1;
      onAnswer(headers['x-request-id'] ?? '', status);
      const flaws = judge(exchange, occurrences, fromMs, toMs);
      if (flaws.length > 0) complain(`${name}: ${flaws.join(', ')}`);
    }
  }

  function start(name: string): void {
    const asking = ask(name).finally(() => running.delete(asking));
    running.add(asking);
  }

  return {
    occurrences,
    start,
    /** Starts so many clients, by their shares; a part of one is kept for the next time. */
    startSome(count: number) {
      for (owed += count; owed >= 1; owed -= 1) {
        if (running.size < MOST_AT_ONCE) start(anyClient(Math.random() * total));
      }
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
    result() {
      const faults: Record<string, number> = {};
      for (const { outage } of occurrences) faults[outage.name] = (faults[outage.name] ?? 0) + 1;
      return { requests, answers, faults, wrong, wrongAnswers };
    },
  };
}

function anyClient(place: number): string {
  let left = place;
  for (const [name, [share]] of Object.entries(CLIENTS)) {
    left -= share;
    if (left < 0) return name;
  }
  return 'a configured token';
}
