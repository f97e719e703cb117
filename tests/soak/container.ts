import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { FOLDER } from '../support/child-process.ts';
import { freePort } from '../support/free-port.ts';
import { createMemoryGroup } from './memory-group.ts';

/** What `deploy/knative` gives. */
export const MEMORY_BYTES = 256 * 1024 * 1024;
/** Where no control group can be made, the heap alone is bounded. */
const HEAP_MIB = 160;

export interface SoakedContainer {
  readonly child: ChildProcess;
  readonly port: number;
  readonly metricsPort: number;
  readonly bound: string;
  /** The most memory of its control group, in bytes; undefined without one. */
  readonly peak: () => number | undefined;
  /** Pauses the reader of its standard output, or lets it go on. */
  setReading(isReading: boolean): void;
  /** SIGTERM; resolves with the exit code or signal when all its output is read. */
  stop(): Promise<{ readonly code: number | string; readonly stderr: string }>;
  /** Whatever became of it. */
  dispose(): void;
}

/** Runs `handlers/server.ts` with a quarter GiB of memory. @param onLine gets every line of its output but the first */
export async function startContainer(
  environment: Readonly<Record<string, string>>,
  onLine: (line: Readonly<Record<string, unknown>>) => void,
): Promise<SoakedContainer> {
  const group = createMemoryGroup(`gen-random-soak-${process.pid}`, MEMORY_BYTES);
  const metricsPort = await freePort();
  const settings = { HOST: '127.0.0.1', PORT: '0', METRICS_PORT: String(metricsPort), ...environment };
  const script = group === undefined ? 'exec "$@"' : 'echo $$ > "$0" && exec "$@"';
  const options = group === undefined ? [`--max-old-space-size=${HEAP_MIB}`] : [];
  const parameters = ['-c', script, group?.procs ?? 'sh', process.execPath, ...options, 'handlers/server.ts'];
  const child = spawn('sh', parameters, { cwd: FOLDER, env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), ended.then(() => [])]);
  const { port } = JSON.parse(first[0] ?? '{}');
  if (typeof port !== 'number') throw new Error(`the container did not start: ${stderr}`);
  lines.on('line', (line) => onLine(JSON.parse(line)));
  return {
    child,
    port,
    metricsPort,
    bound:
      group === undefined ? `a heap of ${HEAP_MIB} MiB; no control group can be made` : 'a control group of 256 MiB',
    peak: () => group?.peak(),
    setReading(isReading) {
      if (isReading) child.stdout.resume();
      else child.stdout.pause();
    },
    async stop() {
      child.kill('SIGTERM');
      return { code: await ended, stderr };
    },
    dispose() {
      child.kill('SIGKILL');
      void ended.then(() => group?.remove());
    },
  };
}
