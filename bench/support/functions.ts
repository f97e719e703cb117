import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../../tests/runtimes/child.ts';
import { startRuntimeApi } from '../../tests/runtimes/runtime-api.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../tests/support/kms-aws-dialect.ts';
import { startKmsBackend } from '../../tests/support/kms-backend.ts';
import { ROOT, STATIC_ENVIRONMENT, TOKEN } from './project.ts';
import type { Scope } from './scope.ts';

/** A sample of `events/` as the platform sends it, with a valid token. */
export function sample(trigger: string, token = TOKEN): { body: string } {
  const text = readFileSync(join(ROOT, `events/${trigger}.success.json`), 'utf8');
  return JSON.parse(text.replace(/\$\{TOKEN\}/, token));
}

/** The sample of an HTTP API (payload format 2.0). */
export function httpApiEvent(bits = 512, token?: string): { body: string } {
  return { ...sample('apigw-http', token), body: JSON.stringify({ random_data_length: String(bits) }) };
}

/** What a platform starts. */
export interface FunctionStart {
  /** Holds `http.js`. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A function that does nothing, or loads one module and does nothing, in the form of the artefacts: CommonJS. */
export function emptyFunction(artefacts: string, module?: string): FunctionStart {
  const folder = join(artefacts, `empty${module?.replace(/\W/g, '-') ?? ''}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  writeFileSync(
    join(folder, 'http.js'),
    `${module === undefined ? '' : `require('${module}');`}
exports.handler = async () => ({ statusCode: 200, headers: {}, body: '' });
exports.initializer = (context, callback) => callback(null, '');
`,
  );
  return { folder, variables: {} };
}

/** The function with AWS KMS among its sources, and a KMS on loopback that checks signatures. */
export async function kmsFunction(scope: Scope, artefacts: string): Promise<FunctionStart> {
  const backend = await startKmsBackend(awsDialect);
  scope.after(() => backend.close());
  const kms = { AWS_ENDPOINT_URL_KMS: backend.origin, ENTROPY_SOURCES: 'aws-kms,node-crypto,os' };
  return { folder: join(artefacts, 'lambda'), variables: { ...STATIC_ENVIRONMENT, ...AWS_ENVIRONMENT, ...kms } };
}

/** Starts a function under Lambda's runtime client. Its process ends with the scope. */
export async function startColdFunction(scope: Scope, { folder, variables }: FunctionStart) {
  const api = await startRuntimeApi(scope);
  const startedAtMs = performance.now();
  const { process: child, exit } = startChild(scope, {
    command: process.execPath,
    parameters: [join(ROOT, 'tests/runtimes/node_modules/aws-lambda-ric/index.mjs')],
    cwd: folder,
    environment: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'gen-random-bench',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/gen-random-bench',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0',
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'http.handler',
      ...variables,
    },
  });
  const ended = exit.then((code) => Promise.reject(new Error(`the runtime client ended with ${code}`)));
  await Promise.race([api.firstQuestion, ended]);
  return {
    pid: child.pid ?? 0,
    /** Milliseconds from the start of its process to its first question for work: what Lambda calls its init. */
    initMs: performance.now() - startedAtMs,
    /** @returns milliseconds from the event to the answer. @throws {Error} if that is no success */
    async invoke(event: unknown): Promise<number> {
      const sentAtMs = performance.now();
      const { body } = await Promise.race([api.invoke(event), ended]);
      const tookMs = performance.now() - sentAtMs;
      assertSuccess(body);
      return tookMs;
    },
  };
}

export function assertSuccess(answer: unknown): void {
  const { statusCode } = answer as { readonly statusCode?: number };
  if (statusCode !== 200) throw new Error(`answered ${JSON.stringify(answer)}`);
}
