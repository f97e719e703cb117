import type { Findings, Measurement } from '../measurement.ts';
import { BODY, HEADERS, runLoad, startFloor, startOurs } from '../support/loaded-servers.ts';
import { PATH } from '../support/project.ts';
import { residentBytes, type Server } from '../support/servers.ts';
import { median } from '../support/statistics.ts';

const REQUESTS = { full: 1_000_000, quick: 100_000 };
/** From here on nothing may grow. */
const SETTLED_AFTER = 100_000;
const SECONDS_OF_A_STEP = 2;
const MEGA = 1e6;
/** The heap grows in steps of this size, the bare server’s too, at a time of their own. 20 bytes kept of each request would be more. */
const STEP = 0.2;

type Samples = readonly (readonly [requests: number, megabytes: number])[];

export const memory: Measurement = {
  name: 'memory',
  title: 'Memory of the server',
  how: 'Resident memory of the process after every two seconds under 32 connections, until so many requests are answered; then the same of the bare server.',
  async measure({ artefacts, mode, scope }) {
    const ours = await sample(await startOurs(scope, artefacts), REQUESTS[mode]);
    const bare = await sample(await startFloor(scope, 'bare-server.mjs'), REQUESTS[mode]);
    return findings(ours, bare);
  },
};

async function sample(server: Server, requests: number): Promise<Samples> {
  const samples: (readonly [number, number])[] = [];
  const wanted = { path: PATH, connections: 32, seconds: SECONDS_OF_A_STEP, headers: HEADERS, body: BODY };
  for (let done = 0; done < requests; ) {
    done += (await runLoad(server, wanted)).requests;
    samples.push([done, residentBytes(server.pid) / MEGA]);
  }
  return samples;
}

function findings(ours: Samples, bare: Samples): Findings {
  const [last, lastBare] = [settled(ours), settled(bare)];
  const drift = driftOf(ours);
  return {
    rows: [
      {
        label: `resident, after ${ours.at(-1)?.[0].toLocaleString('en')} requests`,
        value: last,
        unit: 'MB',
        floor: { label: 'bare node:http', value: lastBare },
        ratio: { ratio: last / lastBare, quartiles: [last / lastBare, last / lastBare], pairs: 1 },
        budget: { name: 'memory against the bare server', of: 'ratio', bound: 'at most', limit: 1.25, tolerance: 0.2 },
      },
      ...(drift === undefined
        ? []
        : [
            {
              label: 'last third of the run against the third from the 100,000th request on',
              value: drift,
              unit: 'times',
              budget: {
                name: 'memory, end against beginning',
                of: 'value',
                bound: 'at most',
                limit: 1,
                tolerance: STEP,
              } as const,
            },
          ]),
    ],
    charts: [
      {
        kind: 'lines',
        title: 'Resident memory of the server',
        x: 'requests',
        unit: 'MB',
        series: [
          { label: 'gen-random', points: ours },
          { label: 'bare node:http', points: bare },
        ],
      },
    ],
  };
}

/** The collector comes and goes: the middle of the last three samples. */
function settled(samples: Samples): number {
  return median(samples.slice(-3).map(([, megabytes]) => megabytes));
}

/** How much more the end needs than the beginning; undefined for a run that is too short to tell. */
function driftOf(samples: Samples): number | undefined {
  const counted = samples.filter(([requests]) => requests > SETTLED_AFTER).map(([, megabytes]) => megabytes);
  const third = Math.floor(counted.length / 3);
  return third < 3 ? undefined : median(counted.slice(-third)) / median(counted.slice(0, third));
}
