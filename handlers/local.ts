import { fileURLToPath } from 'node:url';
import { drain, endOnSignal, exitWith, flushWithin } from '../lib/adapters/container/lifecycle.ts';
import { DEMO, DEMO_KEY, demoCommands } from '../lib/local/demo.ts';
import { startLocalRun } from '../lib/local/local-run.ts';
import { whenNpmEnds } from '../lib/local/npm.ts';
import { createLogWriter } from '../lib/telemetry/standard-output.ts';

const FLUSH_MS = 1_000;

async function main(): Promise<void> {
  if (process.env.npm_lifecycle_event !== undefined) whenNpmEnds(() => void process.kill(process.pid, 'SIGTERM'));
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const writer = createLogWriter();
  const { server, connections, baseUrl, ignored } = await startLocalRun({ environment: process.env, writer, folder });
  const [getToken, draw] = demoCommands(baseUrl);
  const { accessKey, secretKey } = DEMO_KEY;
  writer.writeLine(
    `gen-random on ${baseUrl}, with an IAM of its own (user demo, password demo). Explorer: ${baseUrl}/

A token:

${getToken}

512 random bits with it:

${draw}

For Huawei's SDKs, which sign and need no token: access key ${accessKey}, secret key ${secretKey},
project ${DEMO.project.id}, endpoint ${baseUrl}
${ignored.length === 0 ? '' : `\nIgnored here, where the IAM, the account and the key are the demo's: ${ignored.join(', ')}\n`}
Ctrl-C ends it.
`,
  );
  endOnSignal(async () => {
    await drain(server, connections, 0);
    await flushWithin(writer, FLUSH_MS);
  }, writer);
}

main().catch(exitWith);
