import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '../../../lib/adapters/function/environment.ts';
import { type Environment, VARIABLES } from '../../../lib/config/config.ts';
import { PROXY_VARIABLES } from '../../../lib/outbound/proxy.ts';
import { FunctionGraphContext } from './function-graph-context.ts';

const SECRET_FILES = [
  'IAM_SERVICE_PASSWORD_FILE',
  'STATIC_TOKENS_FILE',
  'AKSK_CREDENTIALS_FILE',
  'HUAWEI_SECRET_KEY_FILE',
];

interface Row {
  readonly name: string;
  readonly process: Environment;
  readonly userData?: Readonly<Record<string, unknown>>;
  readonly port: string | undefined;
}

const json = (value: unknown): Environment => ({ RUNTIME_USERDATA: JSON.stringify(value) });

const TABLE: readonly Row[] = [
  { name: 'the process', process: { PORT: '1' }, port: '1' },
  { name: 'RUNTIME_USERDATA', process: json({ PORT: '2' }), port: '2' },
  { name: 'RUNTIME_USERDATA before the process', process: { PORT: '1', ...json({ PORT: '2' }) }, port: '2' },
  { name: 'getUserData', process: {}, userData: { PORT: '3' }, port: '3' },
  {
    name: 'getUserData before the others',
    process: { PORT: '1', ...json({ PORT: '2' }) },
    userData: { PORT: '3' },
    port: '3',
  },
  { name: 'the process where the user data have it empty', process: { PORT: '1' }, userData: { PORT: '' }, port: '1' },
  { name: 'the process where the user data have no text', process: { PORT: '1' }, userData: { PORT: 3 }, port: '1' },
  { name: 'the process where the user data have null', process: { PORT: '1' }, userData: { PORT: null }, port: '1' },
  { name: 'the process where RUNTIME_USERDATA has no text', process: { PORT: '1', ...json({ PORT: 2 }) }, port: '1' },
  { name: 'the process where RUNTIME_USERDATA is empty', process: { PORT: '1', RUNTIME_USERDATA: '' }, port: '1' },
  { name: 'nobody', process: {}, userData: {}, port: undefined },
];
for (const { name, process, userData, port } of TABLE) {
  test(`PORT comes from ${name}`, () => {
    const context = userData && new FunctionGraphContext({ userData });
    assert.equal(readEnvironment(process, context).PORT, port);
  });
}

test('getUserData is asked for every variable and for the file of every secret, and for nothing else', () => {
  const names = [...Object.keys(VARIABLES), ...SECRET_FILES, ...PROXY_VARIABLES];
  const others = ['OTHER', 'PORT_FILE', 'IAM_URL_FILE'];
  const userData = Object.fromEntries([...names, ...others].map((name) => [name, '/mnt/value']));
  assert.deepEqual(
    Object.keys(readEnvironment({}, new FunctionGraphContext({ userData }))).toSorted(),
    names.toSorted(),
  );
});

for (const name of SECRET_FILES) {
  test(`${name} of getUserData goes before the one of the process`, () => {
    const context = new FunctionGraphContext({ userData: { [name]: '/mnt/secret' } });
    assert.equal(readEnvironment({ [name]: '/elsewhere' }, context)[name], '/mnt/secret');
    assert.equal(readEnvironment({ [name]: '/elsewhere' }, new FunctionGraphContext({}))[name], '/elsewhere');
  });
}

for (const text of ['{', 'PORT=1', '5', 'null', '"text"', 'true']) {
  test(`RUNTIME_USERDATA ${JSON.stringify(text)} is refused without being repeated`, () => {
    assert.throws(() => readEnvironment({ RUNTIME_USERDATA: text }, undefined), {
      name: 'TypeError',
      message: /^RUNTIME_USERDATA is not (?:JSON|a JSON object)$/,
    });
  });
}

for (const context of [undefined, null, 'context', {}, { getUserData: 'PORT' }, { awsRequestId: 'lambda-1' }]) {
  test(`the context ${JSON.stringify(context)} adds nothing`, () => {
    assert.deepEqual(readEnvironment({ PORT: '1' }, context), { PORT: '1' });
  });
}

test('a user variable named __proto__ changes nothing', () => {
  const environment = readEnvironment({ RUNTIME_USERDATA: '{"__proto__":{"PORT":"9"}}' }, undefined);
  assert.equal(environment.PORT, undefined);
  assert.equal(({} as Environment).PORT, undefined);
});

test('the environment of the process is not changed', () => {
  const process = { PORT: '1', ...json({ PORT: '2' }) };
  const before = structuredClone(process);
  readEnvironment(process, new FunctionGraphContext({ userData: { PORT: '3' } }));
  assert.deepEqual(process, before);
});
