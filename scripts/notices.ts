import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { object, parse, string } from 'valibot';

const Manifest = object({ name: string(), version: string(), license: string() });

/** The licence text of every package among the inputs of a bundle, in order of name. */
export function thirdPartyNotices(root: string, inputs: Iterable<string>): string {
  const folders = [...inputs].flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => notice(join(root, folder)))
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(folder: string): string {
  const manifest = parse(Manifest, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${licenceText(folder, manifest.license).trim()}\n`;
}

function licenceText(folder: string, licence: string): string {
  const files = readdirSync(folder);
  const file = files.find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8');
  // One of the AWS SDK's comes without it; this project's own licence has the same text.
  if (licence === 'Apache-2.0') return readFileSync(new URL('../LICENSE', import.meta.url), 'utf8');
  // middy's packages come without the file; the owners are named at the end of their README.
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const copyright = /Copyright \(c\).*/.exec(readme)?.[0]?.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
  if (licence !== 'MIT' || copyright === undefined) throw new Error(`no licence text found in ${folder}`);
  return `${copyright}\n\n${readFileSync(new URL('mit-licence.txt', import.meta.url), 'utf8')}`;
}
