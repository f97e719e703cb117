import type { Measurement } from '../measurement.ts';
import { BODY, HEADERS, medianOf, runLoad, type ServerRun, startFloor, startOurs } from '../support/loaded-servers.ts';
import { PATH } from '../support/project.ts';
import { pairedRatio } from '../support/statistics.ts';

const ROUNDS = { full: 3, quick: 2 };
const CONNECTIONS = { full: [1, 4, 16, 64, 256, 1_000], quick: [1, 64, 1_000] };
const SECONDS = { full: 2, quick: 1 };

export const connections: Measurement = {
  name: 'connections',
  title: 'How the server grows with its connections',
  how: 'wrk as above with 1 to 1,000 connections, the two servers in turns; requests for each second of CPU.',
  isFullOnly: true,
  async measure({ artefacts, mode, scope }) {
    const servers = {
      ours: await startOurs(scope, artefacts),
      bare: await startFloor(scope, 'bare-server.mjs'),
    };
    const counts = CONNECTIONS[mode];
    const runs = counts.map(() => ({ ours: [] as ServerRun[], bare: [] as ServerRun[] }));
    for (let round = -1; round < ROUNDS[mode]; round += 1) {
      for (const [index, count] of counts.entries()) {
        for (const subject of ['ours', 'bare'] as const) {
          const wanted = { path: PATH, connections: count, seconds: SECONDS[mode], headers: HEADERS, body: BODY };
          const run = await runLoad(servers[subject], wanted);
          if (round >= 0) runs[index]?.[subject].push(run);
        }
      }
    }
    const figures = (of: readonly ServerRun[]) => of.map(({ perCpuSecond }) => perCpuSecond);
    const points = (subject: 'ours' | 'bare') =>
      counts.map((count, index) => [count, medianOf(runs[index]?.[subject] ?? [], 'perCpuSecond')] as const);
    return {
      rows: runs.map(({ ours, bare }, index) => ({
        label: `${counts[index]} connections`,
        value: medianOf(ours, 'perCpuSecond'),
        unit: '/s',
        floor: { label: 'bare node:http', value: medianOf(bare, 'perCpuSecond') },
        ratio: pairedRatio(figures(ours), figures(bare)),
      })),
      charts: [
        {
          kind: 'lines',
          title: 'Requests for each second of CPU over the connections',
          x: 'connections',
          isLogarithmic: true,
          unit: '/s',
          series: [
            { label: 'gen-random', points: points('ours') },
            { label: 'bare node:http', points: points('bare') },
          ],
        },
      ],
    };
  },
};
