import { join } from 'node:path';
import { budget } from '../budgets.ts';
import type { Measurement } from '../measurement.ts';
import { CACHE, ROOT } from '../support/project.ts';
import type { Scope } from '../support/scope.ts';
import { load, startOurs, startServer } from '../support/servers.ts';
import { compare, median, takeTurns } from '../support/turns.ts';

const OPENBAO = 'OpenBao, sys/tools/random';
const MOTO = 'moto, KMS GenerateRandom';

export const peers: Measurement = {
  name: 'peers',
  title: 'Beside what one would take instead',
  isFullOnly: true,
  async measure({ artefacts, scope }) {
    const [ours, bao, moto] = [await startOurs(scope, artefacts), await startBao(scope), await startMoto(scope)];
    const how = { connections: 32, seconds: 4 };
    const runs = await takeTurns(5, {
      'gen-random': () => load(ours, how),
      [OPENBAO]: () => load(bao, how),
      [MOTO]: () => load(moto, how),
    });
    const figures = (name: keyof typeof runs) => runs[name].perCpuSecond;
    const row = (name: typeof OPENBAO | typeof MOTO) =>
      compare({
        label: `gen-random against ${name}`,
        unit: '/s',
        values: figures('gen-random'),
        floor: [name, figures(name)],
        budget: budget(`ahead of ${name}`),
      });
    return {
      rows: [row(OPENBAO), row(MOTO)],
      chart: {
        title: 'Requests for each second of CPU, 512 random bits each',
        unit: '/s',
        bars: Object.fromEntries(Object.entries(runs).map(([name, { perCpuSecond }]) => [name, median(perCpuSecond)])),
      },
    };
  },
};

/** OpenBao's development server: in memory, without TLS. It looks its token up and writes no audit line. */
function startBao(scope: Scope) {
  const token = 'bench-root-token';
  const flags = ['-dev', '-dev-no-store-token', `-dev-root-token-id=${token}`];
  return startServer(scope, {
    request: { path: '/v1/sys/tools/random/64', headers: { 'X-Vault-Token': token }, body: '{"format":"hex"}' },
    command: (port) => [join(CACHE, 'bao-venv/bin/bao'), 'server', ...flags, `-dev-listen-address=127.0.0.1:${port}`],
    environment: { HOME: CACHE },
    isChatty: true,
  });
}

/** Moto reads which service is meant from the credential and judges neither key nor signature. */
function startMoto(scope: Scope) {
  const credential = 'Credential=AKIDEXAMPLE/20260101/eu-central-1/kms/aws4_request';
  return startServer(scope, {
    request: {
      path: '/',
      headers: {
        Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'TrentService.GenerateRandom',
      },
      body: '{"NumberOfBytes":64}',
    },
    command: (port) => [MOTO_SERVER, '-H', '127.0.0.1', '-p', String(port)],
    environment: { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' },
    isChatty: true,
  });
}

const MOTO_SERVER = join(ROOT, '.cache/moto-venv/bin/moto_server');
