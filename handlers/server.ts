import { createApp } from '../lib/app.ts';
import { writeToStandardOutput } from '../lib/log.ts';
import { withHealth } from '../lib/server/health.ts';
import { createGenRandomListener, createHttpServer, serve } from '../lib/server/http-server.ts';
import { drain, exitWith, listen, onStopSignal } from '../lib/server/lifecycle.ts';

async function main(): Promise<void> {
  const app = createApp(process.env, writeToStandardOutput);
  const server = createHttpServer();
  serve(server, app, withHealth(createGenRandomListener(app)));
  const { HOST: host, PORT: wanted } = app.config;
  const port = await listen(server, host, wanted);
  app.log.note('info', 'listening', { host, port });
  onStopSignal(() => drain(server));
}

main().catch(exitWith);
