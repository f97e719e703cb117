import { exitWith, onStopSignal } from '../lib/adapters/container/lifecycle.ts';
import { startService } from '../lib/adapters/container/service.ts';
import { readEnvironment } from '../lib/adapters/function/environment.ts';
import { inForce } from '../lib/app/start-line.ts';
import { writeToStandardOutput } from '../lib/telemetry/log.ts';

async function main(): Promise<void> {
  const { core, port, stop } = await startService(readEnvironment(process.env, undefined), writeToStandardOutput);
  core.log.note('info', 'listening', { host: core.config.HOST, port, ...inForce(core.config, true) });
  onStopSignal(stop);
}

main().catch(exitWith);
