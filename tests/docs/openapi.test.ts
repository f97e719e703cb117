import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { CATALOGUE } from '../../lib/errors.ts';
import { parseGenerateCommand } from '../../lib/gen-random/command.ts';
import { MAX_BIT_LENGTH, MIN_BIT_LENGTH, PROJECT_ID_LENGTH, SEQUENCE_BYTES } from '../../lib/limits.ts';
import { ERROR_SENTENCES, type Refusal, refusalAnswer } from '../support/contract.ts';
import { type Fields, fieldsOf } from '../support/samples.ts';

const document = fieldsOf(load(readFileSync(join(import.meta.dirname, '../../docs/openapi.yaml'), 'utf8')));
const operation = at(document, 'paths', '/v1.0/{project_id}/kms/gen-random', 'post');
const responses = Object.entries(at(operation, 'responses')).map(([status, response]) => ({
  status: Number(status),
  response: resolve(response),
}));
const refusals = responses.filter(({ status }) => status !== 200);

test('every error of the catalogue is an example, and every example an error of the catalogue', () => {
  const documented = refusals.flatMap(({ status, response }) =>
    examplesOf(response).map(({ value }) => {
      const { error_code, error_msg } = at(fieldsOf(value), 'error');
      return [status, error_code, error_msg].join(' ');
    }),
  );
  const rows = Object.values(CATALOGUE).map(({ status, code, message }) => [status, code, message].join(' '));
  // With TOKEN_REFUSED_STATUS=401.
  const others = rows.filter((row) => /KMS\.030[23]/.test(row)).map((row) => row.replace('403', '401'));
  assert.deepEqual(documented.sort(), [...rows, ...others].sort());
});

test('an example is called by its code and holds nothing but the error', () => {
  for (const { response } of refusals) {
    for (const { name, value } of examplesOf(response)) {
      const { error_code, error_msg } = at(fieldsOf(value), 'error');
      assert.equal(name, error_code);
      assert.deepEqual(value, { error: { error_code, error_msg } });
    }
  }
});

test('every status names the headers that its errors have, and no other', () => {
  for (const { status, response } of refusals) {
    const rows = Object.keys(ERROR_SENTENCES)
      .filter(isRefusal)
      .filter((row) => row.startsWith(`${status} `));
    const sent = rows.flatMap((row) => Object.keys(refusalAnswer(row, 'an-id', 'https://iam.test/v3').headers));
    const documented = Object.keys(at(response, 'headers'));
    assert.deepEqual(new Set(['Content-Type', ...documented]), new Set(sent), String(status));
  }
});

test('the success is documented with its example', () => {
  const success = responses.find(({ status }) => status === 200)?.response;
  for (const { value } of examplesOf(success)) assert.match(String(fieldsOf(value).random_data), /^[0-9A-F]{128}$/);
});

test('every example of a request is a request that the service takes', () => {
  const examples = examplesOf(at(operation, 'requestBody'));
  assert(examples.length > 0);
  for (const { value } of examples) assert.doesNotThrow(() => parseGenerateCommand(value));
});

test('the pattern of a length takes exactly the strings that the service takes', () => {
  const { pattern } = lengthOf('string');
  assert(typeof pattern === 'string');
  const numbers = Array.from({ length: 100_000 }, (_, number) => String(number));
  const spellings = ['', '08', '0512', ' 512', '512 ', '512\n', '+8', '-8', '8.0', '5e2', '0x200', '８', '8,192'];
  for (const random_data_length of [...numbers, ...spellings]) {
    const isTaken = new RegExp(pattern, 'u').test(random_data_length);
    assert.equal(isTaken, isCommand({ random_data_length }), JSON.stringify(random_data_length));
  }
});

test('a sequence that the schema allows is one that the service takes', () => {
  const { pattern, minLength, maxLength } = at(schemaOf('GenRandomRequest'), 'properties', 'sequence');
  assert.deepEqual([pattern, minLength, maxLength], ['^[ -~]*$', SEQUENCE_BYTES, SEQUENCE_BYTES]);
  for (const character of [' ', '~', '0', '"']) {
    assert(isCommand({ random_data_length: 8, sequence: character.repeat(SEQUENCE_BYTES) }), character);
  }
});

test('no member of a valid request, at any depth, has the name that the JSON parser refuses', () => {
  for (const schema of [schemaOf('GenRandomRequest'), schemaOf('IgnoredValue')]) {
    assert.deepEqual(resolve(schema.propertyNames).not, { const: '__proto__' });
    assert.deepEqual(resolve(schema.additionalProperties), schemaOf('IgnoredValue'));
  }
  assert.deepEqual(resolve(schemaOf('IgnoredValue').items), schemaOf('IgnoredValue'));
});

test('the limits of the schema are the limits of the service', () => {
  const integer = lengthOf('integer');
  assert.deepEqual(integer, { type: 'integer', minimum: MIN_BIT_LENGTH, maximum: MAX_BIT_LENGTH, multipleOf: 8 });
  const sequence = at(document, 'components', 'schemas', 'GenRandomRequest', 'properties', 'sequence');
  assert.equal(sequence.maxLength, SEQUENCE_BYTES);
  const [parameter] = [operation.parameters].flat();
  assert.equal(at(parameter, 'schema').pattern, `^[0-9A-Za-z]{${PROJECT_ID_LENGTH}}$`);
  const answer = at(document, 'components', 'schemas', 'GenRandomResponse', 'properties', 'random_data');
  assert.equal(answer.pattern, `^[0-9A-F]{${MIN_BIT_LENGTH / 4},${MAX_BIT_LENGTH / 4}}$`);
});

test('every reference leads somewhere, and nothing shared is left without one', () => {
  const references = referencesIn(document);
  for (const reference of references) assert.doesNotThrow(() => resolve({ $ref: reference }), reference);
  const { securitySchemes: _, ...shared } = at(document, 'components');
  const names = Object.entries(shared).flatMap(([kind, members]) =>
    Object.keys(fieldsOf(members)).map((name) => `#/components/${kind}/${name}`),
  );
  assert.deepEqual(
    names.filter((name) => !references.has(name)),
    [],
  );
});

function at(value: unknown, ...names: readonly string[]): Fields {
  return names.reduce((fields, name) => fieldsOf(fields[name]), fieldsOf(value));
}

function schemaOf(name: string): Fields {
  return at(document, 'components', 'schemas', name);
}

/** One of the two ways to write a length. */
function lengthOf(type: 'string' | 'integer'): Fields {
  const { oneOf } = at(schemaOf('GenRandomRequest'), 'properties', 'random_data_length');
  return fieldsOf([oneOf].flat().find((schema) => fieldsOf(schema).type === type));
}

function isCommand(body: unknown): boolean {
  try {
    parseGenerateCommand(body);
    return true;
  } catch {
    return false;
  }
}

function resolve(value: unknown): Fields {
  const { $ref } = fieldsOf(value);
  return typeof $ref === 'string' ? at(document, ...$ref.replace(/^#\//, '').split('/')) : fieldsOf(value);
}

function examplesOf(carrier: unknown): { readonly name: string; readonly value: unknown }[] {
  const examples = at(carrier, 'content', 'application/json', 'examples');
  return Object.entries(examples).map(([name, example]) => ({ name, value: fieldsOf(example).value }));
}

function referencesIn(value: unknown): Set<string> {
  if (typeof value !== 'object' || value === null) return new Set();
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return new Set([...own, ...Object.values(value).flatMap((member) => [...referencesIn(member)])]);
}

function isRefusal(row: string): row is Refusal {
  return row in ERROR_SENTENCES;
}
