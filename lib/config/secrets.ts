import type { AccessKeyCredential } from '../auth/aksk/signature-verifier.ts';
import type { StaticTokenDigests } from '../auth/static-tokens.ts';
import { accessKey, projectId, type Variable, Wrong } from '../forms.ts';
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
    if (parsed === undefined) return new Wrong('is not JSON');
    if (!isFields(parsed)) return new Wrong('is no JSON object');
    const projects = Object.entries(parsed);
    if (projects.length === 0) return new Wrong('names no project');
    const seen = new Set<string>();
    const wrong = projects.map(([id, digests], index) => wrongProject(`project ${index + 1}`, id, digests, seen));
    return wrong.find((one) => one !== undefined) ?? (parsed as StaticTokenDigests);
  },
};

function wrongProject(where: string, id: string, digests: unknown, seen: Set<string>): Wrong | undefined {
  if (projectId.read(id) === undefined) return new Wrong(`has a bad id in ${where}: it ${projectId.form}`);
  if (!Array.isArray(digests)) return new Wrong(`has no list of digests in ${where}`);
  if (digests.length === 0) return new Wrong(`has an empty list in ${where}`);
  for (const [index, digest] of digests.entries()) {
    const place = `in ${where}, entry ${index + 1}`;
    if (typeof digest !== 'string' || !/^[0-9A-Fa-f]{64}$/.test(digest)) {
      return new Wrong(`has something else than a SHA-256 of 64 hexadecimal digits ${place}`);
    }
    if (seen.has(digest.toLowerCase())) return new Wrong(`has a digest for the second time ${place}`);
    seen.add(digest.toLowerCase());
  }
  return undefined;
}

/** The key of the local run. It is in the documents, so nobody may be known by it anywhere else. */
export const PUBLIC_KEY = {
  accessKey: 'DEMOACCESSKEY0000001',
  secretKey: 'demo-secret-key-0000000000000000000000001',
} as const;

/** `[{"access_key", "secret_key", "project_id"}, …]`, each access key once. */
export const accessKeys: Variable<readonly AccessKeyCredential[]> = {
  form: 'must be JSON [{"access_key", "secret_key", "project_id"}, …], each access key once',
  read(text) {
    const parsed = parseJson(text);
    if (parsed === undefined) return new Wrong('is not JSON');
    if (!Array.isArray(parsed)) return new Wrong('is no JSON list');
    if (parsed.length === 0) return new Wrong('is an empty list');
    const credentials: AccessKeyCredential[] = [];
    for (const [index, given] of parsed.entries()) {
      const credential = readCredential(given, `entry ${index + 1}`);
      if (credential instanceof Wrong) return credential;
      const isKnown = credentials.some(({ accessKey: key }) => key === credential.accessKey);
      if (isKnown) return new Wrong(`has an access_key for the second time in entry ${index + 1}`);
      credentials.push(credential);
    }
    return credentials;
  },
};

function readCredential(given: unknown, where: string): AccessKeyCredential | Wrong {
  if (!isFields(given)) return new Wrong(`has no object in ${where}`);
  const { access_key: key, secret_key: secretKey, project_id: project } = given;
  if (typeof key !== 'string' || accessKey.read(key) === undefined) {
    return new Wrong(`has no good access_key in ${where}: it ${accessKey.form}`);
  }
  if (typeof secretKey !== 'string' || secretKey === '') return new Wrong(`has no secret_key in ${where}`);
  if (typeof project !== 'string' || projectId.read(project) === undefined) {
    return new Wrong(`has no good project_id in ${where}: it ${projectId.form}`);
  }
  if (key === PUBLIC_KEY.accessKey || secretKey === PUBLIC_KEY.secretKey) {
    return new Wrong(`has the public key of the local run in ${where}`);
  }
  return { accessKey: key, secretKey, projectId: project };
}
