import { writeToStandardOutput } from '../lib/log.ts';
import { readEnvironment } from '../lib/platform/environment.ts';
import { exitWith, onStopSignal } from '../lib/server/lifecycle.ts';
import { startService } from '../lib/server/service.ts';

async function main(): Promise<void> {
  const { core, port, stop } = await startService(readEnvironment(process.env, undefined), writeToStandardOutput);
  const { HOST: host, SERVER_DOOR: door } = core.config;
  core.log.note('info', 'listening', { host, port, door });
  onStopSignal(stop);
}

main().catch(exitWith);
