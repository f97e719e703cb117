import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './project.ts';

/** Where and with what a run was made. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Processes that wanted a core before the run, on average over a minute: more than none means that the machine was shared. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const [processor] = cpus();
  return {
    processor: processor?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    system: `Linux ${release().split('.').slice(0, 2).join('.')}`,
    versions: {
      Node: process.versions.node,
      V8: process.versions.v8,
      OpenSSL: process.versions.openssl,
      wrk: versionOf('wrk', ['--version']),
      ...packageVersions('node_modules', ['@middy/core', '@aws-sdk/client-kms', 'esbuild']),
      ...packageVersions('tests/runtimes/node_modules', ['aws-lambda-ric']),
      ...packageVersions('bench/node_modules', ['fastify']),
    },
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** wrk writes its version, and then that it was used wrongly. */
function versionOf(command: string, parameters: readonly string[]): string {
  try {
    return readVersion(execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch (error) {
    const { stdout } = error as { readonly stdout?: unknown };
    return readVersion(String(stdout));
  }
}

function readVersion(text: string): string {
  return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? 'unknown';
}

function packageVersions(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const { version } = JSON.parse(readFileSync(join(ROOT, folder, name, 'package.json'), 'utf8'));
      return [name, String(version)];
    }),
  );
}
