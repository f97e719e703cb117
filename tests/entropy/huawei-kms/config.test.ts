import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, IAM_URL, problemNames } from '../../support/config.ts';

const BASE = { IAM_URL, ENTROPY_SOURCES: 'huawei-kms' };
const PLACE = { HUAWEI_KMS_URL: 'https://kms.test', HUAWEI_KMS_PROJECT_ID: '0123456789abcdef0123456789abcdef' };
const KEY = { HUAWEI_ACCESS_KEY: 'QTWAOYTTINDUT2QVKYUC', HUAWEI_SECRET_KEY: 'a secret' };

test('place and key are enough', () => assert.deepEqual(problemNames({ ...BASE, ...PLACE, ...KEY }), []));

test('everything that is missing is named', () => {
  assert.deepEqual(problemNames(BASE), [...Object.keys(PLACE), ...Object.keys(KEY)]);
});

test('nothing of it is needed where the source is not configured', () => {
  assert.deepEqual(problemNames({ IAM_URL, ENTROPY_SOURCES: 'os' }), []);
});

test('the secret may stand in a file, whose last line break is no part of it', () => {
  const { HUAWEI_ACCESS_KEY } = KEY;
  const environment = { ...BASE, ...PLACE, HUAWEI_ACCESS_KEY, HUAWEI_SECRET_KEY_FILE: '/run/secret' };
  const config = configOf(environment, { readTextFile: () => 'secret-in-a-file\n' });
  assert.equal(config.HUAWEI_SECRET_KEY, 'secret-in-a-file');
});

test("with the agency's keys no other key is needed, but half of one is a mistake", () => {
  const machine = { hasAgencyKeys: true };
  assert.deepEqual(problemNames({ ...BASE, ...PLACE }, machine), []);
  assert.deepEqual(problemNames({ ...BASE, ...PLACE, HUAWEI_ACCESS_KEY: 'A' }, machine), ['HUAWEI_SECRET_KEY']);
  assert.deepEqual(problemNames({ ...BASE, ...PLACE, HUAWEI_SECRET_KEY: 'A' }, machine), ['HUAWEI_ACCESS_KEY']);
});

const URLS: readonly (readonly [url: string, taken: string | undefined])[] = [
  ['https://kms.ap-southeast-1.myhuaweicloud.com', 'https://kms.ap-southeast-1.myhuaweicloud.com'],
  ['https://kms.test/', 'https://kms.test'],
  ['https://KMS.test:8443', 'https://kms.test:8443'],
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
  ['http://kms.test', undefined],
  ['https://kms.test/v1.0', undefined],
  ['https://kms.test?x', undefined],
  ['https://kms.test/#x', undefined],
  ['https://user@kms.test', undefined],
  ['ftp://kms.test', undefined],
  ['kms.test', undefined],
];
for (const [url, taken] of URLS) {
  test(`HUAWEI_KMS_URL=${url} is ${taken ?? 'one problem'}`, () => {
    const environment = { ...BASE, ...PLACE, ...KEY, HUAWEI_KMS_URL: url };
    assert.deepEqual(problemNames(environment), taken === undefined ? ['HUAWEI_KMS_URL'] : []);
    if (taken !== undefined) assert.equal(configOf(environment).HUAWEI_KMS_URL, taken);
  });
}

for (const [name, value] of [
  ['HUAWEI_KMS_PROJECT_ID', '0123'],
  ['HUAWEI_KMS_PROJECT_ID', '../0123456789abcdef0123456789abcd'],
  ['HUAWEI_ACCESS_KEY', 'a,SignedHeaders=b'],
  ['HUAWEI_SECURITY_TOKEN', 'a\r\nb'],
  ['HUAWEI_SECURITY_TOKEN', 'a b'],
] as const) {
  test(`${name}=${JSON.stringify(value)} is one problem, without the value`, () => {
    assert.deepEqual(problemNames({ ...BASE, ...PLACE, ...KEY, [name]: value }), [name]);
  });
}
