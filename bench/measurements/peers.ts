import { join } from 'node:path';
import { budget } from '../budgets.ts';
import type { Measurement } from '../measurement.ts';
import { CACHE, ROOT } from '../support/project.ts';
import { load, type ServerOptions, startOurs, startServer } from '../support/servers.ts';
import { compare, median, takeTurns } from '../support/turns.ts';

const TOKEN = 'bench-root-token';
const CREDENTIAL = 'Credential=AKIDEXAMPLE/20260101/eu-central-1/kms/aws4_request';

/** Each answers 512 random bits. */
const PEERS = {
  // The development server: in memory, without TLS. It looks its token up and writes no audit line.
  'OpenBao, sys/tools/random': {
    request: { path: '/v1/sys/tools/random/64', headers: { 'X-Vault-Token': TOKEN }, body: '{"format":"hex"}' },
    command: (port) => [
      ...[join(CACHE, 'bao-venv/bin/bao'), 'server', '-dev', '-dev-no-store-token'],
      ...[`-dev-root-token-id=${TOKEN}`, `-dev-listen-address=127.0.0.1:${port}`],
    ],
    environment: { HOME: CACHE },
    isChatty: true,
  },
  // It reads which service is meant from the credential and judges neither key nor signature.
  'moto, KMS GenerateRandom': {
    request: {
      path: '/',
      headers: {
        Authorization: `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'TrentService.GenerateRandom',
      },
      body: '{"NumberOfBytes":64}',
    },
    command: (port) => [join(ROOT, '.cache/moto-venv/bin/moto_server'), '-H', '127.0.0.1', '-p', String(port)],
    environment: { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' },
    isChatty: true,
  },
} as const satisfies Record<string, ServerOptions>;

export const peers: Measurement = {
  name: 'peers',
  title: 'Beside what one would take instead',
  isFullOnly: true,
  async measure({ artefacts, scope }) {
    const names = Object.keys(PEERS) as (keyof typeof PEERS)[];
    const servers = new Map([['gen-random', await startOurs(scope, artefacts)]]);
    for (const name of names) servers.set(name, await startServer(scope, PEERS[name]));
    const how = { connections: 32, seconds: 4 };
    const loads = [...servers].map(([name, server]) => [name, () => load(server, how)] as const);
    const runs = await takeTurns(5, Object.fromEntries(loads));
    const figures = (name: string) => runs[name]?.perCpuSecond ?? [];
    return {
      rows: names.map((name) => {
        const [label, values] = [`gen-random against ${name}`, figures('gen-random')];
        return compare({ label, unit: '/s', values, floor: [name, figures(name)], budget: budget(`ahead of ${name}`) });
      }),
      chart: {
        title: 'Requests for each second of CPU, 512 random bits each',
        unit: '/s',
        bars: Object.fromEntries([...servers.keys()].map((name) => [name, median(figures(name))])),
      },
    };
  },
};
