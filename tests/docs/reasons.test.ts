import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REASONS, type Reason } from '../../lib/reasons.ts';
import { sourceFilesIn } from '../support/source-files.ts';

const text = sourceFilesIn('lib')
  .filter(({ path }) => path !== 'lib/reasons.ts')
  .map((file) => file.text)
  .join('\n');

/** Put together from what was asked and how it failed. */
const COMPOSED: readonly Reason[] = [
  'iam-timeout',
  'iam-unreachable',
  'iam-throttled',
  'iam-bad-answer',
  'iam-login-timeout',
  'iam-login-unreachable',
  'iam-login-throttled',
  'iam-login-bad-answer',
];

for (const [reason, meaning] of Object.entries(REASONS)) {
  test(`${reason}: a word in lower case with dashes, one sentence, and in use`, () => {
    assert.match(reason, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.match(meaning, /^\S.*\.$/);
    const isComposed = COMPOSED.some((one) => one === reason);
    assert(isComposed || text.includes(`'${reason}'`) || text.includes(`${reason}:`), 'nothing gives it');
  });
}
