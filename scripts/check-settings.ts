import { text } from 'node:stream/consumers';
import { ConfigError, type Environment, parseConfig, VARIABLES } from '../lib/config/config.ts';
import { SECRETS } from '../lib/config/secrets.ts';
import { typosIn } from '../lib/config/typos.ts';

// Reads `{"hasKmsChunk": boolean, "functions": {"<name>": {"<variable>": "<value>"}}}` from standard input and writes the problems of
// the variables, one a line, nothing where there is none.

/** Stands in the place of a secret that CloudFormation resolves when it deploys: here nobody knows its value. */
const PLACEHOLDERS: Environment = {
  STATIC_TOKENS: JSON.stringify({ ['0'.repeat(32)]: ['0'.repeat(64)] }),
  AKSK_CREDENTIALS: JSON.stringify([{ access_key: 'AK', secret_key: 'SK', project_id: '0'.repeat(32) }]),
  IAM_SERVICE_PASSWORD: 'resolved-later',
  HUAWEI_SECRET_KEY: 'resolved-later',
  HUAWEI_SECURITY_TOKEN: 'resolved-later',
};

const isReference = (value: unknown): boolean => typeof value !== 'string' || value.includes('{{resolve:');

function problemsOf(
  name: string,
  variables: Readonly<Record<string, unknown>>,
  hasKmsChunk: boolean,
): readonly string[] {
  const environment: Record<string, string | undefined> = {
    // Lambda sets it.
    AWS_REGION: 'eu-central-1',
    SERVER_DOOR: name === 'event' ? 'functiongraph-event' : 'http',
  };
  for (const [variable, value] of Object.entries(variables)) {
    environment[variable] = isReference(value) ? PLACEHOLDERS[variable] : String(value);
  }
  try {
    parseConfig(environment, { hasKernelRandom: true, hasKmsChunk, readTextFile: () => '' });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => `${name}: ${problem}`);
  }
}

const { hasKmsChunk, functions } = JSON.parse(await text(process.stdin));
// A mistyped name in the shell that deploys reaches no function, and nobody would miss it.
const ours = [...Object.keys(VARIABLES), ...SECRETS.map((name) => `${name}_FILE`)];
const problems = [
  ...typosIn(process.env, ours),
  ...Object.entries(functions).flatMap(([name, variables]) =>
    problemsOf(name, variables as Record<string, unknown>, hasKmsChunk),
  ),
];
process.stdout.write(problems.join('\n'));
