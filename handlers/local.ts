import { fileURLToPath } from 'node:url';
import { drain, exitWith, onStopSignal } from '../lib/adapters/container/lifecycle.ts';
import { demoCommands } from '../lib/local/demo.ts';
import { startLocalRun } from '../lib/local/local-run.ts';
import { writeToStandardOutput } from '../lib/telemetry/log.ts';

async function main(): Promise<void> {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const { server, connections, baseUrl } = await startLocalRun({
    environment: process.env,
    writeLine: writeToStandardOutput,
    folder,
  });
  const [getToken, draw] = demoCommands(baseUrl);
  writeToStandardOutput(
    `gen-random on ${baseUrl}, with an IAM of its own (user demo, password demo). Explorer: ${baseUrl}/`,
  );
  writeToStandardOutput(`\nA token:\n\n${getToken}\n\n512 random bits with it:\n\n${draw}\n\nCtrl-C ends it.\n`);
  onStopSignal(() => drain(server, connections, 0));
}

main().catch(exitWith);
