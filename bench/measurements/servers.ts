import { type BudgetName, budget } from '../budgets.ts';
import type { Point } from '../charts.ts';
import type { Measurement, Row } from '../measurement.ts';
import { type LoadResult, load, residentBytes, type Server, startFloor, startOurs } from '../support/servers.ts';
import { startStubIam } from '../support/stub-iam.ts';
import { compare, linesOf, median, takeTurns } from '../support/turns.ts';

const FLOOR = 'bare node:http';
const CONNECTIONS = 32;

type Runs = Readonly<Record<keyof LoadResult, readonly number[]>>;

/** A row of a server beside the bare one. */
function row(label: string, ours: Runs, bare: Runs, figure: keyof LoadResult = 'perCpuSecond', name?: BudgetName) {
  const unit = figure === 'p99Ms' ? 'ms' : '/s';
  return compare({ label, unit, values: ours[figure], floor: [FLOOR, bare[figure]], budget: name && budget(name) });
}

export const httpServer: Measurement = {
  name: 'http-server',
  title: 'HTTP server',
  async measure({ artefacts, mode, scope }) {
    const [rounds, seconds] = mode === 'full' ? [9, 3] : [5, 2];
    // With a pause of each connection the slower server has time to spare, and both are asked nearly as often.
    const loaded =
      (server: Server, pauseMs = 0) =>
      () =>
        load(server, { connections: CONNECTIONS, seconds, pauseMs });
    const { environment } = await startStubIam(scope);
    const ours = await startOurs(scope, artefacts, environment);
    const bare = await startFloor(scope, 'bare-server.mjs');
    const framework = mode === 'full' ? { fastify: loaded(await startFloor(scope, 'fastify-server.mjs')) } : {};
    const full = await takeTurns(rounds, { ours: loaded(ours), bare: loaded(bare), ...framework });
    const spare = await takeTurns(rounds, { ours: loaded(ours, 2), bare: loaded(bare, 2) });
    const rows = [
      row('requests per CPU-second', full.ours, full.bare, 'perCpuSecond', 'server, requests per CPU-second'),
      row('requests per second', full.ours, full.bare, 'perSecond'),
      row('requests per CPU-second, both asked as often', spare.ours, spare.bare),
      row('p99 latency', full.ours, full.bare, 'p99Ms', 'server, p99 latency'),
    ];
    if (full.fastify === undefined) return { rows };
    const figures = { [FLOOR]: full.bare, 'bare fastify': full.fastify, 'gen-random': full.ours };
    const medians = Object.entries(figures).map(([name, { perCpuSecond }]) => [name, median(perCpuSecond)]);
    return {
      rows: [...rows, row('bare fastify: requests per CPU-second', full.fastify, full.bare)],
      chart: {
        title: 'HTTP server: requests for each second of CPU',
        unit: '/s',
        bars: Object.fromEntries(medians),
      },
    };
  },
};

const COUNTS = [1, 4, 16, 64, 256, 1_000];

export const connections: Measurement = {
  name: 'connections',
  title: 'How the server grows with its connections',
  isFullOnly: true,
  async measure({ artefacts, scope }) {
    const [ours, bare] = [await startOurs(scope, artefacts), await startFloor(scope, 'bare-server.mjs')];
    const rows: Row[] = [];
    for (const count of COUNTS) {
      const how = { connections: count, seconds: 2 };
      const runs = await takeTurns(3, { ours: () => load(ours, how), bare: () => load(bare, how) });
      rows.push(row(`${count} connections`, runs.ours, runs.bare));
    }
    const title = 'Requests for each second of CPU over the connections';
    const lines = linesOf(rows, COUNTS);
    return { rows, chart: { title, x: 'connections', isLogarithmic: true, unit: '/s', lines } };
  },
};

/** From here on nothing may grow. */
const SETTLED_AFTER = 100_000;

export const memory: Measurement = {
  name: 'memory',
  title: 'Memory of the server',
  async measure({ artefacts, mode, scope }) {
    const requests = mode === 'full' ? 1_000_000 : 100_000;
    const ours = await sampleMemory(await startOurs(scope, artefacts), requests);
    const bare = await sampleMemory(await startFloor(scope, 'bare-server.mjs'), requests);
    // The collector comes and goes: the middle of the last three samples.
    const last = (samples: readonly Point[]) => [megabytesOf(samples.slice(-3))];
    const resident = compare({
      label: `resident, after ${ours.at(-1)?.[0].toLocaleString('en')} requests`,
      unit: 'MB',
      values: last(ours),
      floor: [FLOOR, last(bare)],
      budget: budget('memory against the bare server'),
    });
    const lines = { 'gen-random': ours, [FLOOR]: bare };
    return {
      rows: [resident, ...driftOf(ours)],
      chart: { title: 'Resident memory of the server', x: 'requests', unit: 'MB', lines },
    };
  },
};

async function sampleMemory(server: Server, requests: number): Promise<Point[]> {
  const samples: Point[] = [];
  for (let done = 0; done < requests; ) {
    done += (await load(server, { connections: CONNECTIONS, seconds: 2 })).requests;
    samples.push([done, residentBytes(server.pid) / 1e6]);
  }
  return samples;
}

const megabytesOf = (samples: readonly Point[]) => median(samples.map(([, megabytes]) => megabytes));

/** How much more the end needs than the beginning; nothing for a run that is too short to tell. */
function driftOf(samples: readonly Point[]): Row[] {
  const counted = samples.filter(([requests]) => requests > SETTLED_AFTER);
  const third = Math.floor(counted.length / 3);
  if (third < 3) return [];
  return [
    {
      label: 'last third of the run against the third from the 100,000th request on',
      value: megabytesOf(counted.slice(-third)) / megabytesOf(counted.slice(0, third)),
      unit: 'times',
      budget: budget('memory, end against beginning'),
    },
  ];
}
