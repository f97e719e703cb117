import { exitWith, onStopSignal } from '../lib/adapters/container/lifecycle.ts';
import { startService } from '../lib/adapters/container/service.ts';
import { readEnvironment } from '../lib/adapters/function/environment.ts';
import { writeToStandardOutput } from '../lib/telemetry/log.ts';

async function main(): Promise<void> {
  const { core, port, stop } = await startService(readEnvironment(process.env, undefined), writeToStandardOutput);
  const { HOST: host, SERVER_DOOR: door } = core.config;
  core.log.note('info', 'listening', { host, port, door });
  onStopSignal(stop);
}

main().catch(exitWith);
