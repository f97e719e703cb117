import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Import {
  /** A file of the project by its path, or a package by its name as it is written. */
  readonly target: string;
  /** Gone when the types are: the importing file does not run what it names. */
  readonly isType: boolean;
}

export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  /** Without comments. */
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file below some folders of the project. */
export function sourceFilesIn(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
      .map((name) => readSourceFile(posix.join(folder, name.replaceAll('\\', '/'))))
      .sort((one, other) => one.path.localeCompare(other.path)),
  );
}

/** Of a file from the project's folder. */
export function linesOf(path: string): string[] {
  return readFileSync(join(ROOT, path), 'utf8').split('\n');
}

function readSourceFile(path: string): SourceFile {
  const text = withoutComments(readFileSync(join(ROOT, path), 'utf8'));
  const imports = importsIn(text).map(({ target, isType }) => ({ target: resolved(path, target), isType }));
  return { path, text, imports };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

const STATIC_IMPORT = /^(?:import|export)\s+(type\s+)?([\w\s,*{}]*?)\s*\bfrom\s+'([^']+)'/gm;
const EFFECT_IMPORT = /^import\s+()()'([^']+)'/gm;
const DYNAMIC_IMPORT = /(typeof\s+)?\b(?:import|require)\(\s*'([^']+)'\s*\)/g;

/** The formatter writes every import in one way, which is what makes these expressions enough. */
export function importsIn(text: string): Import[] {
  const fixed = [...text.matchAll(STATIC_IMPORT), ...text.matchAll(EFFECT_IMPORT)].map(
    ([, type, names = '', target = '']) => ({
      target,
      isType: Boolean(type) || namesTypesOnly(names),
    }),
  );
  const dynamic = [...text.matchAll(DYNAMIC_IMPORT)].map(([, type, target = '']) => ({
    target,
    isType: type !== undefined,
  }));
  return [...fixed, ...dynamic];
}

function namesTypesOnly(names: string): boolean {
  const list = /^\{([^}]*)\}$/
    .exec(names)?.[1]
    ?.split(',')
    .map((name) => name.trim());
  return list?.every((name) => name === '' || name.startsWith('type ')) ?? false;
}

function resolved(path: string, target: string): string {
  return target.startsWith('.') ? posix.join(dirname(path), target) : target;
}
