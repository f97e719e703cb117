import { fileURLToPath } from 'node:url';
import { drain, exitWith, onStopSignal } from '../lib/adapters/container/lifecycle.ts';
import { DEMO, DEMO_KEY, demoCommands } from '../lib/local/demo.ts';
import { startLocalRun } from '../lib/local/local-run.ts';
import { writeToStandardOutput } from '../lib/telemetry/log.ts';

async function main(): Promise<void> {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const { server, connections, baseUrl, ignored } = await startLocalRun({
    environment: process.env,
    writeLine: writeToStandardOutput,
    folder,
  });
  const [getToken, draw] = demoCommands(baseUrl);
  const { accessKey, secretKey } = DEMO_KEY;
  writeToStandardOutput(
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
  onStopSignal(() => drain(server, connections, 0));
}

main().catch(exitWith);
