import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createMix, type MixOptions } from '../../lib/entropy/mix.ts';
import { assertRandom, type Refusal, refusalAnswer } from '../support/contract.ts';
import { createScriptedApp, SCRIPTED_IAM_URL, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { openServerDoor } from '../support/server-door.ts';
import { wireRequest } from '../support/wire-request.ts';
import { type Give, good, testedLocal, testedRemote } from './scripted-sources.ts';

/** What a client and an operator see of a mix in the real chain behind the real server. */
async function ask(context: TestContext, sources: MixOptions['sources'], onFailure: MixOptions['onFailure']) {
  const { app, lines } = createScriptedApp({ draw: createMix({ sources, onFailure, timeoutMs: 50 }) });
  const { door, close } = await openServerDoor(app);
  context.after(close);
  const { answer, requestId } = await door.send(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
  assert.equal(lines.length, 1);
  return { answer, requestId, audit: JSON.parse(lines[0] ?? '') };
}

const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);
const short: Give = (length) => good(length - 1);

test('all sources in: no header, and the audit line names them', async (context) => {
  const sources = [testedLocal('a', good).tested, (await testedRemote('b', good)).tested];
  const { answer, requestId, audit } = await ask(context, sources, 'degrade');
  assertRandom(answer, 512, requestId);
  assert.deepEqual([audit.level, audit.sources, audit.degraded], ['info', ['b', 'a'], undefined]);
});

suite('degrade', () => {
  const rows: readonly (readonly [name: string, failing: readonly (readonly [string, Give])[]])[] = [
    ['one source', [['b', stuck]]],
    [
      'two sources',
      [
        ['b', short],
        ['c', stuck],
      ],
    ],
  ];
  for (const [name, failing] of rows) {
    test(`${name} left out: 200 with a header that names it, and so does the audit line, as a warning`, async (context) => {
      const broken = failing.map(([source, give]) => testedLocal(source, give).tested);
      const { answer, requestId, audit } = await ask(context, [testedLocal('a', good).tested, ...broken], 'degrade');
      const names = failing.map(([source]) => source);
      const { 'X-Entropy-Degraded': degraded, ...headers } = answer.headers;
      assert.equal(degraded, names.join(','));
      assertRandom({ ...answer, headers }, 512, requestId);
      assert.deepEqual([audit.level, audit.status, audit.sources, audit.degraded], ['warn', 200, ['a'], names]);
    });
  }

  test('nothing left: 500, and no header', async (context) => {
    const { answer, requestId, audit } = await ask(context, [testedLocal('a', stuck).tested], 'degrade');
    assert.deepEqual(answer, refusalAnswer('500 KMS.0101', requestId, SCRIPTED_IAM_URL));
    assert.deepEqual([audit.level, audit.sources, audit.degraded], ['error', undefined, undefined]);
  });
});

suite('refuse', () => {
  const rows: readonly (readonly [name: string, give: Give, refusal: Refusal, reason: string])[] = [
    ['stuck', stuck, '500 KMS.0101', 'source-unhealthy b'],
    ['short', short, '502 APIGW.0201', 'source-bad-answer b: a wrong length'],
    ['throwing', () => fail(), '502 APIGW.0201', 'source-failed b'],
  ];
  for (const [name, give, refusal, reason] of rows) {
    test(`a source that is ${name}: ${refusal}, and the audit line says which and why`, async (context) => {
      const sources = [testedLocal('a', good).tested, testedLocal('b', give).tested];
      const { answer, requestId, audit } = await ask(context, sources, 'refuse');
      assert.deepEqual(answer, refusalAnswer(refusal, requestId, SCRIPTED_IAM_URL));
      assert.deepEqual([audit.level, `${audit.reason} ${audit.detail}`], ['error', reason]);
      assert.doesNotMatch(JSON.stringify([answer, audit]), /private/);
    });
  }

  test('two equal sources: 500', async (context) => {
    const bytes = good(64);
    const give = () => bytes.slice();
    const sources = [testedLocal('a', give).tested, testedLocal('b', give).tested];
    const { answer, requestId, audit } = await ask(context, sources, 'refuse');
    assert.deepEqual(answer, refusalAnswer('500 KMS.0101', requestId, SCRIPTED_IAM_URL));
    assert.equal(audit.reason, 'sources-equal');
  });
});

function fail(): never {
  throw new Error('private-words');
}
