import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** What is installed for the compatibility checks, by the name in its registry. */
const PINNED = new Map(
  [
    ...read('tests/compat/requirements.txt').matchAll(/^([\w.-]+)==(\S+)$/gm),
    ...read('tests/compat/package.json').matchAll(/^ {4}"([^"]+)": "([^"]+)",?$/gm),
    ...read('tests/compat/clients/go/go.mod').matchAll(/^\t(\S+) (v\S+)$/gm),
    ...['huawei', 'openstack4j'].flatMap((client) => [
      ...read(`tests/compat/clients/java/${client}/pom.xml`).matchAll(
        /<artifactId>(\S+)<\S+\s*<version>(\d\S*\.\d\S*)</g,
      ),
    ]),
  ].map(([, name = '', version = '']) => [name, version]),
);

test('the guide names the versions that are tested', () => {
  const [, table = ''] = /^\| client \| version .*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(read('docs/migration.md')) ?? [];
  const rows = table.split('\n').filter((row) => row !== '');
  assert.equal(rows.length, 10);
  for (const row of rows) {
    const [, clients = '', versions = ''] = row.split('|');
    const names = [...clients.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/^com\.[\w.]+:/, ''));
    assert.equal(versions.trim(), names.map((name) => PINNED.get(name)).join(', '), clients);
  }
});
