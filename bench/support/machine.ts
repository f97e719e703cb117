import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './project.ts';

const PACKAGES = [
  'node_modules/@middy/core',
  'node_modules/@aws-sdk/client-kms',
  'node_modules/esbuild',
  'tests/runtimes/node_modules/aws-lambda-ric',
  'bench/node_modules/fastify',
];

export type Machine = ReturnType<typeof describeMachine>;

/** Where and with what a run was made. */
export function describeMachine() {
  const { node, v8, openssl } = process.versions;
  // wrk writes its version, and then that it was used wrongly.
  const [wrk = 'unknown'] = /\d+(?:\.\d+)+/.exec(spawnSync('wrk', ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  const versions: Record<string, string> = { Node: node, V8: v8, OpenSSL: openssl, wrk };
  for (const folder of PACKAGES) {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    versions[name] = version;
  }
  const system = `Linux ${release().split('.').slice(0, 2).join('.')}`;
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  return {
    hardware: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${memory}, ${system}`,
    versions,
    /** Processes that wanted a core before the run, on average over a minute. */
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
