import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../tests/support/free-port.ts';
import { BODY, HEADERS, startOurs } from './loaded-servers.ts';
import { CACHE, PATH, ROOT } from './project.ts';
import type { Scope } from './scope.ts';
import { type Server, startServer } from './servers.ts';
import type { Load } from './wrk.ts';

/** A server that answers 512 random bits to whoever may ask, and how it is asked. */
export interface Peer {
  readonly name: string;
  readonly server: Server;
  readonly wanted: Pick<Load, 'headers' | 'body'> & { readonly path: string };
}

const MOTO = join(ROOT, '.cache/moto-venv/bin/moto_server');
const BAO = join(CACHE, 'bao-venv/bin/bao');
const BAO_TOKEN = 'bench-root-token';

/** @throws {Error} before `scripts/install-bench.sh` has run */
export async function startPeers(scope: Scope, artefacts: string): Promise<readonly Peer[]> {
  for (const file of [MOTO, BAO]) {
    if (!existsSync(file)) throw new Error(`${file} is not there: run scripts/install-bench.sh`);
  }
  return [
    {
      name: 'gen-random',
      server: await startOurs(scope, artefacts),
      wanted: { path: PATH, headers: HEADERS, body: BODY },
    },
    await startBao(scope),
    await startMoto(scope),
  ];
}

/** OpenBao's development server: in memory, without TLS. It looks its token up and writes no audit line. */
async function startBao(scope: Scope): Promise<Peer> {
  const port = await freePort();
  const server = await startServer(scope, {
    command: BAO,
    parameters: [
      ...['server', '-dev', '-dev-no-store-token', `-dev-root-token-id=${BAO_TOKEN}`],
      `-dev-listen-address=127.0.0.1:${port}`,
    ],
    environment: { HOME: CACHE },
    cwd: CACHE,
    port,
  });
  return {
    name: 'OpenBao, sys/tools/random',
    server,
    wanted: { path: '/v1/sys/tools/random/64', headers: { 'X-Vault-Token': BAO_TOKEN }, body: '{"format":"hex"}' },
  };
}

/** Moto reads which service is meant from the credential and judges neither key nor signature. */
async function startMoto(scope: Scope): Promise<Peer> {
  const port = await freePort();
  const server = await startServer(scope, {
    command: MOTO,
    parameters: ['-H', '127.0.0.1', '-p', String(port)],
    environment: { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' },
    cwd: ROOT,
    port,
    isChatty: true,
  });
  const credential = 'Credential=AKIDEXAMPLE/20260101/eu-central-1/kms/aws4_request';
  return {
    name: 'moto, KMS GenerateRandom',
    server,
    wanted: {
      path: '/',
      headers: {
        Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'TrentService.GenerateRandom',
      },
      body: '{"NumberOfBytes":64}',
    },
  };
}
