import type { AccessKeyCredential } from '../auth/aksk/signature-verifier.ts';
import type { StaticTokenDigests } from '../auth/static-tokens.ts';
import { accessKey, projectId, type Variable } from '../forms.ts';
import { isFields, parseJson } from '../json.ts';

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

/** `{"<project id>": ["<sha256 of a token, hexadecimal>", …]}`, each digest once. */
export const staticTokens: Variable<StaticTokenDigests> = {
  form: 'must be JSON {"<project id>": ["<sha256 of a token, 64 hexadecimal digits>", …]}, each digest once',
  read(text) {
    const parsed = parseJson(text);
    if (!isFields(parsed)) return undefined;
    const projects = Object.entries(parsed);
    const isGood = projects.every(([id, digests]) => projectId.read(id) !== undefined && isDigestList(digests));
    const digests = projects.flatMap(([, list]) => list).map((digest) => String(digest).toLowerCase());
    return isGood && digests.length > 0 && isUnique(digests) ? (parsed as StaticTokenDigests) : undefined;
  },
};

function isDigestList(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((digest) => typeof digest === 'string' && /^[0-9A-Fa-f]{64}$/.test(digest));
}

/** `[{"access_key", "secret_key", "project_id"}, …]`, each access key once. */
export const accessKeys: Variable<readonly AccessKeyCredential[]> = {
  form: 'must be JSON [{"access_key", "secret_key", "project_id"}, …], each access key once',
  read(text) {
    const parsed = parseJson(text);
    if (!Array.isArray(parsed) || parsed.length === 0) return undefined;
    const credentials = parsed.map(readCredential).filter((credential) => credential !== undefined);
    const isGood = credentials.length === parsed.length && isUnique(credentials.map((one) => one.accessKey));
    return isGood ? credentials : undefined;
  },
};

function readCredential(value: unknown): AccessKeyCredential | undefined {
  if (!isFields(value)) return undefined;
  const { access_key: key, secret_key: secretKey, project_id: project } = value;
  if (typeof key !== 'string' || typeof secretKey !== 'string' || typeof project !== 'string') return undefined;
  if (accessKey.read(key) === undefined || secretKey === '' || projectId.read(project) === undefined) return undefined;
  return { accessKey: key, secretKey, projectId: project };
}

function isUnique(items: readonly string[]): boolean {
  return new Set(items).size === items.length;
}
