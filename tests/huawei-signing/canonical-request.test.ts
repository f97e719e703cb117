import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuery, canonicalRequest, type SignedParts } from '../../lib/huawei-signing/canonical-request.ts';

const PARTS: SignedParts = { method: 'POST', path: '/', query: '', headers: {}, payloadHash: 'hash' };

function linesOf(changes: Partial<SignedParts>): string[] {
  return canonicalRequest({ ...PARTS, ...changes }).split('\n');
}

type Pairs = Parameters<typeof canonicalQuery>[0];

function pairsOf(query: string): Pairs {
  return [...new URLSearchParams(query)];
}

test('method, path, query, each header, a blank line, the names and the hash stand on lines of their own', () => {
  const lines = linesOf({
    path: '/a',
    query: 'q=1',
    headers: { 'x-sdk-date': 'd', host: 'h' },
  });
  assert.deepEqual(lines, ['POST', '/a/', 'q=1', 'host:h', 'x-sdk-date:d', '', 'host;x-sdk-date', 'hash']);
});

const PATHS: readonly (readonly [sent: string, signed: string])[] = [
  ['/', '/'],
  ['/a', '/a/'],
  ['/a/', '/a/'],
  ['/a/b-c_d.e~f', '/a/b-c_d.e~f/'],
  ['/a b', '/a%20b/'],
  ['/a%20b', '/a%20b/'],
  ['/%41', '/A/'],
  ['/%c3%bc', '/%C3%BC/'],
  ['/ü', '/%C3%BC/'],
  ['/a%2Fb', '/a%2Fb/'],
  ['/a+b', '/a%2Bb/'],
  ["/!'()*", '/%21%27%28%29%2A/'],
  ['/a:@$,;=&', '/a%3A%40%24%2C%3B%3D%26/'],
  // Not percent-encoded text, and no reason to fail.
  ['/100%', '/100%25/'],
  ['/%zz', '/%25zz/'],
  ['/%ff', '/%25ff/'],
  ['/%41%zz%c3%bc%ff', '/A%25zz%25c3%25bc%25ff/'],
  ['/100%%41', '/100%25A/'],
];
for (const [sent, signed] of PATHS) {
  test(`the path ${sent} is signed as ${signed}`, () => assert.equal(linesOf({ path: sent })[1], signed));
}

const QUERIES: readonly { name: string; query: Pairs; line: string }[] = [
  { name: 'no query', query: [], line: '' },
  { name: 'a value', query: [['limit', '2']], line: 'limit=2' },
  { name: 'a name without a value', query: [['limit', '']], line: 'limit=' },
  { name: 'a value without a name', query: [['', 'a']], line: '=a' },
  { name: 'names in another order', query: pairsOf('b=1&a=2&B=3'), line: 'B=3&a=2&b=1' },
  { name: 'one name with several values', query: pairsOf('a=2&a=10&a=&a=1'), line: 'a=&a=1&a=10&a=2' },
  {
    name: 'characters with a meaning',
    query: [['a=b', "c&d+e f/!'()*~-._"]],
    line: 'a%3Db=c%26d%2Be%20f%2F%21%27%28%29%2A~-._',
  },
  { name: 'characters of several bytes', query: [['ü', '\u{1f3b2}']], line: '%C3%BC=%F0%9F%8E%B2' },
  { name: 'half a character', query: [['a', '\ud83c']], line: 'a=%EF%BF%BD' },
];
for (const { name, query, line } of QUERIES) {
  test(`the query: ${name}`, () => assert.equal(canonicalQuery(query), line));
}

// As huaweicloudsdkcore for Python writes them (Signer.process_canonical_query_string).
const BY_NAME = [
  ['a1=2&a=1', 'a=1&a1=2'],
  ['a-b=2&a=1&a=0', 'a=0&a=1&a-b=2'],
  ['~=1&é=2&[=3&A=4', 'A=4&%5B=3&~=1&%C3%A9=2'],
] as const;
for (const [query, line] of BY_NAME) {
  test(`a query is sorted by its names before they are encoded: ${line}`, () => {
    assert.equal(canonicalQuery(pairsOf(query)), line);
  });
}

test('headers are sorted by code unit, whatever the order they came in and whatever the machine speaks', () => {
  const names = ['x_a', 'x-a', 'x-a-b', 'x-aa', 'xa', 'host', 'x.a'];
  const sorted = ['host', 'x-a', 'x-a-b', 'x-aa', 'x.a', 'x_a', 'xa'];
  const headers = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
  const lines = linesOf({ headers });
  assert.deepEqual(
    lines.slice(3, 10),
    sorted.map((name) => `${name}:of ${name}`),
  );
  assert.equal(lines[11], sorted.join(';'));
  assert.deepEqual(Object.keys(headers), names);
});

const VALUES: readonly (readonly [sent: string, signed: string])[] = [
  ['', ''],
  [' a ', 'a'],
  ['\ta\t', 'a'],
  ['a  b', 'a  b'],
  ['A:b,c', 'A:b,c'],
  ['é', 'é'],
  // No white space of HTTP (RFC 9110 §5.6.3): the last byte of `à` in UTF-8 is Latin-1's no-break space.
  ['\u00c3\u00a0', '\u00c3\u00a0'],
  ['\ufeffa\u3000', '\ufeffa\u3000'],
];
for (const [sent, signed] of VALUES) {
  test(`the header value ${JSON.stringify(sent)} is signed as ${JSON.stringify(signed)}`, () => {
    assert.equal(linesOf({ headers: { a: sent } })[3], `a:${signed}`);
  });
}
