import { endOnSignal, exitWith } from '../lib/adapters/container/lifecycle.ts';
import { startService } from '../lib/adapters/container/service.ts';
import { readEnvironment } from '../lib/adapters/function/environment.ts';
import { inForce } from '../lib/app/start-line.ts';
import { createLogWriter } from '../lib/telemetry/standard-output.ts';

async function main(): Promise<void> {
  const writer = createLogWriter();
  const { core, port, maxConnections, stop } = await startService(readEnvironment(process.env, undefined), { writer });
  const { config, log } = core;
  log.note('info', 'listening', {
    host: config.HOST,
    port,
    ...inForce(config, true),
    max_connections: maxConnections,
  });
  endOnSignal(stop, writer);
}

main().catch(exitWith);
