import * as v from 'valibot';
import { accessKey, projectId } from './config-values.ts';

/** Variables that may instead stand in a file named by the same name with `_FILE` behind it. */
export const SECRETS: readonly string[] = [
  'IAM_SERVICE_PASSWORD',
  'STATIC_TOKENS',
  'AKSK_CREDENTIALS',
  'HUAWEI_SECRET_KEY',
];

export interface SecretFiles {
  /** @throws {Error} if the file cannot be read */
  readonly readTextFile: (path: string) => string;
}

/** The variables that are set, and what is wrong with their files. Secrets are taken as they are, all else trimmed. */
export function readGiven(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  readTextFile: SecretFiles['readTextFile'],
): { given: Record<string, string>; fileProblems: ReadonlyMap<string, string> } {
  const given: Record<string, string> = {};
  const fileProblems = new Map<string, string>();
  for (const name of names) {
    const isSecret = SECRETS.includes(name);
    const value = environment[name] ?? '';
    const path = isSecret ? (environment[`${name}_FILE`] ?? '') : '';
    if (value.trim() !== '') given[name] = isSecret ? value : value.trim();
    if (path === '') continue;
    // Editors and secret stores end a file with a line break that is no part of the secret.
    const text = readOrUndefined(path, readTextFile)?.replace(/\r?\n$/, '') ?? '';
    if (name in given) fileProblems.set(name, `${name} and ${name}_FILE are both set`);
    else if (text.trim() === '') fileProblems.set(name, `${name}_FILE cannot be read or is empty`);
    else given[name] = text;
  }
  return { given, fileProblems };
}

function readOrUndefined(path: string, readTextFile: SecretFiles['readTextFile']): string | undefined {
  try {
    return readTextFile(path);
  } catch {
    return undefined;
  }
}

/** `{"<project id>": ["<sha256 of a token, hexadecimal>", …]}` */
export const staticTokens = json<Record<string, string[]>>(
  v.pipe(
    v.record(projectId, v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{64}$/))), v.minLength(1))),
    v.check((projects) => {
      const digests = Object.values(projects).flat();
      return digests.length > 0 && new Set(digests.map((digest) => digest.toLowerCase())).size === digests.length;
    }),
  ),
  'must be JSON {"<project id>": ["<sha256 of a token, 64 hexadecimal digits>", …]}, each digest once',
);

/** `[{"access_key", "secret_key", "project_id"}, …]`, each access key once. */
export const accessKeys = json(
  v.pipe(
    v.array(
      v.pipe(
        v.object({
          access_key: accessKey,
          secret_key: v.pipe(v.string(), v.minLength(1)),
          project_id: projectId,
        }),
        v.transform((key) => ({ accessKey: key.access_key, secretKey: key.secret_key, projectId: key.project_id })),
      ),
    ),
    v.check((keys) => keys.length > 0 && new Set(keys.map((key) => key.accessKey)).size === keys.length),
  ),
  'must be JSON [{"access_key", "secret_key", "project_id"}, …], each access key once',
);

/** JSON of a schema. Whatever is wrong in it is said in one sentence of our own: a schema's messages repeat the value. */
function json<Output>(schema: v.GenericSchema<unknown, Output>, message: string) {
  return v.pipe(
    v.string(),
    v.rawTransform<string, Output>(({ dataset, addIssue, NEVER }) => {
      const parsed = v.safeParse(schema, parseOrUndefined(dataset.value));
      if (parsed.success) return parsed.output;
      addIssue({ message });
      return NEVER;
    }),
  );
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
