import type { Findings, Measurement } from '../measurement.ts';
import { medianOf, runLoad, type ServerRun } from '../support/loaded-servers.ts';
import { type Peer, startPeers } from '../support/peers.ts';
import { pairedRatio } from '../support/statistics.ts';

const ROUNDS = { full: 5, quick: 2 };
const SECONDS = { full: 4, quick: 2 };
const CONNECTIONS = 32;

export const peers: Measurement = {
  name: 'peers',
  title: 'Beside what one would take instead',
  how:
    `wrk with ${CONNECTIONS} connections, 512 bits, one process on one core, requests for each second of its CPU. gen-random checks a static token and writes an ` +
    'audit line; OpenBao’s development server looks up its token and writes none; moto checks nothing.',
  isFullOnly: true,
  async measure({ artefacts, mode, scope }) {
    const all = await startPeers(scope, artefacts);
    const runs = new Map<Peer, ServerRun[]>(all.map((peer) => [peer, []]));
    for (let round = -1; round < ROUNDS[mode]; round += 1) {
      for (const [peer, ofPeer] of runs) {
        const run = await runLoad(peer.server, { ...peer.wanted, connections: CONNECTIONS, seconds: SECONDS[mode] });
        if (round >= 0) ofPeer.push(run);
      }
    }
    return findings([...runs].map(([{ name }, ofPeer]) => ({ name, runs: ofPeer })));
  },
};

type Measured = { readonly name: string; readonly runs: readonly ServerRun[] };

function findings(measured: readonly Measured[]): Findings {
  const [ours, ...others] = measured;
  if (ours === undefined) throw new TypeError('nothing was measured');
  const figures = (runs: readonly ServerRun[]) => runs.map(({ perCpuSecond }) => perCpuSecond);
  return {
    rows: others.map(({ name, runs }) => ({
      label: `gen-random against ${name}`,
      value: medianOf(ours.runs, 'perCpuSecond'),
      unit: '/s',
      floor: { label: name, value: medianOf(runs, 'perCpuSecond') },
      ratio: pairedRatio(figures(ours.runs), figures(runs)),
      budget: { name: `ahead of ${name}`, of: 'ratio', bound: 'at least', limit: 1, tolerance: 0 },
    })),
    charts: [
      {
        kind: 'bars',
        title: 'Requests for each second of CPU, 512 random bits each',
        unit: '/s',
        names: measured.map(({ name }) => name),
        series: [
          { label: '/s', points: measured.map(({ runs }, index) => [index, medianOf(runs, 'perCpuSecond')] as const) },
        ],
      },
    ],
    notes: ['local-kms has no row: its module was not available from the module proxy when this was written.'],
  };
}
