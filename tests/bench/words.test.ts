import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fillGuide, number } from '../../bench/words.ts';

const DOCS = join(import.meta.dirname, '../../docs');

/** A guide outside of docs/, and its path from there. */
function guideOf(t: TestContext, text: string): { path: string; read: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'guide.md');
  writeFileSync(file, text);
  return { path: relative(DOCS, file), read: () => readFileSync(file, 'utf8') };
}

suite('a guide', () => {
  test('gets its figures between the marks, and keeps all else', (t) => {
    const { path, read } = guideOf(t, 'One.\n<!-- a -->\nold\n<!-- / -->\nTwo.\n<!-- b -->\n<!-- / -->\nThree.\n');
    fillGuide(path, { b: '| new |', a: '$& $1' }, {});
    assert.equal(read(), 'One.\n<!-- a -->\n$& $1\n<!-- / -->\nTwo.\n<!-- b -->\n| new |\n<!-- / -->\nThree.\n');
  });

  for (const text of ['One.\n', '<!-- a -->\nno end\n', '<!-- / -->\n<!-- a -->\n']) {
    test(`without the two marks is an error and stays as it is: ${JSON.stringify(text)}`, (t) => {
      const { path, read } = guideOf(t, text);
      assert.throws(() => fillGuide(path, { a: 'new' }, {}), /no mark a/);
      assert.equal(read(), text);
    });
  }
});

test('a number has three significant digits, and separators', () => {
  assert.deepEqual([1234567, 0.012345, 12.345, 123.45, 7].map(number), ['1,234,567', '0.0123', '12.3', '123', '7']);
});
