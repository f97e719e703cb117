import type { Findings, Measurement, Setting } from '../measurement.ts';
import { BODY, HEADERS, medianOf, runLoad, type ServerRun, startFloor, startOurs } from '../support/loaded-servers.ts';
import { PATH } from '../support/project.ts';
import type { Server } from '../support/servers.ts';
import { pairedRatio } from '../support/statistics.ts';
import { startStubIam } from '../support/stub-iam.ts';

const ROUNDS = { full: 9, quick: 5 };
const SECONDS = { full: 3, quick: 2 };
const CONNECTIONS = 32;

const WHY =
  'Without the chain behind it the server answers as many as the bare one, with the body read and the headers checked. The chain is 12 µs of 33, ' +
  'more than in a function, because each request finds the caches cold; and 4 µs are not the server’s work: slower than the client, it wakes it ' +
  'with every answer, which the bare server does not. Asked equally often, with time to spare for both, the ratio is the one in the third row. Tried and kept: ' +
  'request ids from Node’s cache (2.2 µs), no header normaliser (0.4 µs). Tried and left: audit lines straight to the descriptor, which gain 1.2 µs of /dev/null and ' +
  'nothing of a pipe, and stop the server where its log is not read; fewer asynchronous steps (nothing). Not done: audit lines written after the answers that they are of.';

type Subject = 'ours' | 'bare' | 'fastify';
type Servers = Readonly<Record<'ours' | 'bare', Server> & Partial<Record<'fastify', Server>>>;
type AllRuns = Readonly<Record<Subject, ServerRun[]>>;
/** Of each connection: the slower server has time to spare, and both are asked nearly as often. */
const PAUSE_MS = 2;

export const httpServer: Measurement = {
  name: 'http-server',
  title: 'HTTP server',
  how:
    `wrk with ${CONNECTIONS} connections on one core, one server process on the other; the token is in the cache of IAM’s answers, the audit line goes through ` +
    'standard output to /dev/null. The bare node:http server draws 512 bits for whoever asks. They take turns.',
  async measure(setting) {
    const iam = await startStubIam(setting.scope);
    const { scope, artefacts, mode } = setting;
    const ours = await startOurs(scope, artefacts, { AUTH_METHODS: 'iam', IAM_URL: iam.url });
    const bare = await startFloor(scope, 'bare-server.mjs');
    const framework = mode === 'full' ? { fastify: await startFloor(scope, 'fastify-server.mjs') } : {};
    const full = await runAll(setting, { ours, bare, ...framework });
    return findings(full, await runAll(setting, { ours, bare }, PAUSE_MS));
  },
};

async function runAll({ mode }: Setting, servers: Servers, pauseMs?: number): Promise<AllRuns> {
  const runs: AllRuns = { ours: [], bare: [], fastify: [] };
  // The first round is for the compiler.
  for (let round = -1; round < ROUNDS[mode]; round += 1) {
    for (const [subject, server] of Object.entries(servers) as [Subject, Server][]) {
      const asked = { path: PATH, headers: HEADERS, body: BODY };
      const pause = pauseMs === undefined ? {} : { pauseMs };
      const run = await runLoad(server, { ...asked, ...pause, connections: CONNECTIONS, seconds: SECONDS[mode] });
      if (round >= 0) runs[subject].push(run);
    }
  }
  return runs;
}

function findings(full: AllRuns, spare: AllRuns): Findings {
  const row = (label: string, subject: Subject, name: keyof ServerRun, unit: string, runs = full) => ({
    label,
    value: medianOf(runs[subject], name),
    unit,
    floor: { label: 'bare node:http', value: medianOf(runs.bare, name) },
    ratio: pairedRatio(
      runs[subject].map((run) => run[name]),
      runs.bare.map((run) => run[name]),
    ),
  });
  return {
    rows: [
      {
        ...row('requests per CPU-second', 'ours', 'perCpuSecond', '/s'),
        budget: {
          name: 'server, requests per CPU-second',
          of: 'ratio',
          bound: 'at least',
          limit: 0.6,
          tolerance: 0.15,
          missed: { held: 0.45, why: WHY },
        },
      },
      row('requests per second', 'ours', 'perSecond', '/s'),
      row('requests per CPU-second, both asked as often', 'ours', 'perCpuSecond', '/s', spare),
      {
        ...row('p99 latency', 'ours', 'p99Ms', 'ms'),
        // Of a hundred answers the slowest one: on a machine that does other work too it tells of that work.
        budget: { name: 'server, p99 latency', of: 'ratio', bound: 'at most', limit: 3, tolerance: 0.5 },
      },
      ...(full.fastify.length === 0
        ? []
        : [row('bare fastify: requests per CPU-second', 'fastify', 'perCpuSecond', '/s')]),
    ],
    charts: [
      {
        kind: 'bars',
        title: 'HTTP server: requests for each second of CPU',
        unit: '/s',
        names: ['bare node:http', 'bare fastify', 'gen-random'],
        series: [
          {
            label: '/s',
            points: (['bare', 'fastify', 'ours'] as const).map(
              (subject, index) => [index, medianOf(full[subject], 'perCpuSecond')] as const,
            ),
          },
        ],
      },
    ],
  };
}
