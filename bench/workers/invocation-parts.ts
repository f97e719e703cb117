import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { Context } from 'aws-lambda';
import { readInvocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { readHttpEvent } from '../../lib/adapters/http-event/read-http-event.ts';
import { createJudgeOf } from '../../lib/app/authentication.ts';
import { createApp } from '../../lib/app/core.ts';
import { readConfig } from '../../lib/app/read-config.ts';
import { authorise } from '../../lib/auth/authorise.ts';
import { createHealthTest } from '../../lib/entropy/health-test.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import { generate } from '../../lib/gen-random/generate.ts';
import { authenticate } from '../../lib/http/authenticate.ts';
import type { HttpReply } from '../../lib/http/http-request.ts';
import type { Exchange, Middleware } from '../../lib/http/middleware.ts';
import { replyHeaders } from '../../lib/http/reply-headers.ts';
import { requireJson } from '../../lib/http/require-json.ts';
import { route } from '../../lib/http/route.ts';
import { writeAuditLineOf } from '../../lib/http/write-audit-line.ts';
import { median } from '../support/statistics.ts';

// A process of its own: the whole function and each of its steps by itself, in turns, over events of their own.
// `invocation-parts.ts EVENT ROUNDS`. Reports microseconds a call.
const [text = '', rounds = ''] = process.argv.slice(2);

const CALLS_OF_A_BATCH = 250;
const WARM_UP_ROUNDS = 80;
const BYTES = 64;

const app = createApp(readConfig(process.env), { writeLine: () => undefined });
const invoke = createHttpFunction(app);
const endsAtMs = Date.now() + 3_600_000;
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => endsAtMs - Date.now() };
const reply: HttpReply = { statusCode: 200, headers: replyHeaders('bench'), body: '{"random_data":"00"}' };

function fresh(): Exchange {
  const { request } = readHttpEvent(JSON.parse(text), readInvocation(context), { freshRequestId: String });
  return { event: request, response: reply, error: undefined };
}

/** A step, and the one that makes what it works on, which is not counted. */
interface Step<Given> {
  readonly prepare: () => Given;
  readonly work: (given: Given) => unknown;
}

function step<Given>(prepare: () => Given, work: (given: Given) => unknown): Step<unknown> {
  return { prepare, work: (given) => work(given as Given) };
}

const before = ({ before: work }: Middleware) => step(fresh, (exchange) => work?.(exchange));

const asked = authenticate(createJudgeOf(app), app.monotonicMs);
const routed = route();
const json = requireJson();
const parser = httpJsonBodyParser({ disableContentTypeCheck: true }) as unknown as Middleware;
const audited = writeAuditLineOf(app.writeAuditLine, app.monotonicMs);
const [health, os] = [createHealthTest(), createOsSource()];

function afterRoute(): Exchange {
  const exchange = fresh();
  void routed.before?.(exchange);
  return exchange;
}

function beforeParser(): Exchange {
  const exchange = fresh();
  void json.before?.(exchange);
  return exchange;
}

function answered(): Exchange {
  const exchange = afterRoute();
  Object.assign(exchange.event.trail, { bitLength: BYTES * 8, sources: ['node-crypto', 'os'], omitted: [] });
  return exchange;
}

const DRAW = 'draw: what guards and mixes the sources';
/** A chain as long as ours. */
const idle = middy<object, HttpReply>({ timeoutEarlyInMillis: 0 })
  .use([...Array.from({ length: 6 }, () => ({ before: () => undefined })), { after: () => undefined }])
  .handler(() => reply);

const STEPS: Readonly<Record<string, Step<unknown>>> = {
  'draw: node-crypto': step(() => BYTES, nodeCryptoSource.read),
  'draw: os': step(() => BYTES, os.read),
  'draw: health tests, of both': step(
    () => [nodeCryptoSource.read(BYTES), os.read(BYTES)],
    ([one = new Uint8Array(), other = one]) => [health.check(one), health.check(other)],
  ),
  [DRAW]: step(() => BYTES, app.draw),
  'event and reply of the platform': step(
    () => JSON.parse(text),
    (event) => readHttpEvent(event, readInvocation(context), { freshRequestId: String }).toPlatformReply(reply),
  ),
  route: before(routed),
  'authenticate and authorise': step(afterRoute, (exchange) => {
    void asked.before?.(exchange);
    const { principal, projectId = '' } = exchange.event.trail;
    if (principal !== undefined) authorise(principal, projectId, undefined);
  }),
  'content type, length, UTF-8': before(json),
  'JSON body parser': step(beforeParser, (exchange) => parser.before?.(exchange)),
  'command and hexadecimal': step(
    () => ({ body: { random_data_length: '512' }, bytes: nodeCryptoSource.read(BYTES) }),
    ({ body, bytes }) =>
      generate(body, {
        draw: () => ({ bytes, sources: [], omitted: [] }),
        trail: { requestId: 'bench' },
        monotonicMs: app.monotonicMs,
      }),
  ),
  'audit line': step(answered, (exchange) => {
    void audited.before?.(exchange);
    audited.after?.(exchange);
  }),
};

/** @returns microseconds a call */
function batchOf({ prepare, work }: Step<unknown>): number {
  const given = Array.from({ length: CALLS_OF_A_BATCH }, prepare);
  const startedAt = process.hrtime.bigint();
  for (const one of given) work(one);
  return Number(process.hrtime.bigint() - startedAt) / 1000 / CALLS_OF_A_BATCH;
}

async function batchOfCalls(call: (event: unknown) => Promise<unknown>): Promise<number> {
  const events = Array.from({ length: CALLS_OF_A_BATCH }, () => JSON.parse(text));
  const startedAt = process.hrtime.bigint();
  for (const event of events) await call(event);
  return Number(process.hrtime.bigint() - startedAt) / 1000 / CALLS_OF_A_BATCH;
}

const [ALL, MIDDY] = ['the whole', 'middy, with steps that do nothing'];
const runs = new Map<string, number[]>();
const note = (name: string, value: number) => runs.set(name, [...(runs.get(name) ?? []), value]);
// IAM has been asked when a batch begins, by each of the two.
await invoke(JSON.parse(text), readInvocation(context));
await asked.before?.(afterRoute());
for (let round = -WARM_UP_ROUNDS; round < Number(rounds); round += 1) {
  if (round === 0) runs.clear();
  note(ALL, await batchOfCalls((event) => invoke(event, readInvocation(context))));
  note(MIDDY, await batchOfCalls((event) => idle(event as object, {} as Context)));
  for (const [name, one] of Object.entries(STEPS)) note(name, batchOf(one));
}
const took = Object.fromEntries([...runs].map(([name, values]) => [name, median(values)]));
const inDraw = Object.keys(took).filter((name) => name.startsWith('draw: ') && name !== DRAW);
took[DRAW] = inDraw.reduce((rest, name) => rest - (took[name] ?? 0), took[DRAW] ?? 0);
process.send?.(took);
