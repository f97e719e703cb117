import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MixOptions } from '../../lib/entropy/mix.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { assertRandom, type Refusal, refusalAnswer } from '../support/contract.ts';
import { openHttpApi } from '../support/doors.ts';
import { createScriptedApp, SCRIPTED_IAM_URL, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { wireRequest } from '../support/wire-request.ts';
import {
  assertAllZeroed,
  failing,
  type Give,
  good,
  mixOf,
  type Part,
  stuck,
  testedLocal,
  testedRemote,
  watch,
} from './scripted-sources.ts';

const XOR = [
  { name: 'one source', inputs: ['00ff5a'], output: '00ff5a' },
  { name: 'two sources', inputs: ['0fff00', 'f0ff5a'], output: 'ff005a' },
  { name: 'three sources', inputs: ['0180ff', '0280ff', '0480ff'], output: '0780ff' },
  { name: 'a source of zeros', inputs: ['000000', '123456'], output: '123456' },
];
for (const { name, inputs, output } of XOR) {
  for (const form of ['Uint8Array', 'Buffer'] as const) {
    test(`${name} mixed by XOR, each a ${form}; inputs are zeroed once they are mixed`, async () => {
      const parts = inputs.map((hex, index) =>
        testedLocal(`s-${index}`, () => {
          const bytes = Buffer.from(hex, 'hex');
          return form === 'Buffer' ? bytes : new Uint8Array(bytes);
        }),
      );
      const drawn = await mixOf(parts)(3);
      const sources = parts.map(({ tested }) => tested.name);
      assert.deepEqual(drawn, { bytes: new Uint8Array(Buffer.from(output, 'hex')), sources, omitted: [] });
      assert.deepEqual(
        parts.map(({ given }) => given().length),
        inputs.map(() => 1),
      );
      assertAllZeroed(parts);
    });
  }
}

test('every draw asks every source anew', async () => {
  const parts = [testedLocal('a'), testedLocal('b')];
  const mix = mixOf(parts);
  const [first, second] = [await mix(2), await mix(2)];
  assert.notEqual(first.bytes.buffer, second.bytes.buffer);
  assert.deepEqual(
    parts.map(({ given }) => given().map((bytes) => bytes.length)),
    [
      [2, 2],
      [2, 2],
    ],
  );
});

test('the default sources together give what was asked for, never twice', async () => {
  const mix = mixOf([nodeCryptoSource, createOsSource()].map((source) => ({ tested: testLocal(source, watch()) })));
  const seen = new Set<string>();
  for (let count = 0; count < 1_000; count += 1) {
    const { bytes, sources } = await mix(32);
    assert.deepEqual([bytes.length, sources], [32, ['node-crypto', 'os']]);
    seen.add(Buffer.from(bytes).toString('hex'));
  }
  assert.equal(seen.size, 1_000);
});

/** What a client and an operator see of a mix in the real chain. */
async function ask(parts: readonly Part[], onFailure: MixOptions['onFailure']) {
  const { app, lines } = createScriptedApp({ draw: mixOf(parts, { onFailure }) });
  const { answer, requestId } = await openHttpApi(app).send(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
  const [audit = {}, ...more] = lines;
  assert.deepEqual(more, []);
  return { answer, requestId, audit };
}

const short: Give = (length) => good(length - 1);

test('all sources in: no header, and the audit line names them', async () => {
  const { answer, requestId, audit } = await ask([testedLocal('a'), await testedRemote('b')], 'degrade');
  assertRandom(answer, 512, requestId);
  assert.deepEqual([audit.level, audit.sources, audit.degraded], ['info', ['b', 'a'], undefined]);
});

for (const [name, broken] of [
  ['one source', { b: stuck }],
  ['two sources', { b: short, c: stuck }],
] as const) {
  test(`${name} left out: 200 with a header that names it, and so does the audit line, as a warning`, async () => {
    const parts = Object.entries(broken).map(([source, give]) => testedLocal(source, give));
    const { answer, requestId, audit } = await ask([testedLocal('a'), ...parts], 'degrade');
    const names = Object.keys(broken);
    const { 'X-Entropy-Degraded': degraded, ...headers } = answer.headers;
    assert.equal(degraded, names.join(','));
    assertRandom({ ...answer, headers }, 512, requestId);
    assert.deepEqual([audit.level, audit.status, audit.sources, audit.degraded], ['warn', 200, ['a'], names]);
  });
}

test('nothing left under degrade: 500, and no header', async () => {
  const { answer, requestId, audit } = await ask([testedLocal('a', stuck)], 'degrade');
  assert.deepEqual(answer, refusalAnswer('500 KMS.0101', requestId, SCRIPTED_IAM_URL));
  assert.deepEqual([audit.level, audit.sources, audit.degraded], ['error', undefined, undefined]);
});

const REFUSED: readonly (readonly [name: string, give: Give, refusal: Refusal, reason: string])[] = [
  ['stuck', stuck, '500 KMS.0101', 'source-unhealthy b'],
  ['short', short, '502 APIGW.0201', 'source-bad-answer b: a wrong length'],
  ['throwing', failing, '502 APIGW.0201', 'source-failed b'],
];
for (const [name, give, refusal, reason] of REFUSED) {
  test(`a source that is ${name}: ${refusal}, and the audit line says which and why`, async () => {
    const { answer, requestId, audit } = await ask([testedLocal('a'), testedLocal('b', give)], 'refuse');
    assert.deepEqual(answer, refusalAnswer(refusal, requestId, SCRIPTED_IAM_URL));
    assert.deepEqual([audit.level, `${audit.reason} ${audit.detail}`], ['error', reason]);
    assert.doesNotMatch(JSON.stringify([answer, audit]), /private/);
  });
}

test('two equal sources: 500', async () => {
  const bytes = good(64);
  const give = () => bytes.slice();
  const { answer, requestId, audit } = await ask([testedLocal('a', give), testedLocal('b', give)], 'refuse');
  assert.deepEqual(answer, refusalAnswer('500 KMS.0101', requestId, SCRIPTED_IAM_URL));
  assert.equal(audit.reason, 'sources-equal');
});
