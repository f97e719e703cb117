import assert from 'node:assert/strict';
import http from 'node:http';
import { Socket } from 'node:net';
import { suite, test } from 'node:test';
import { parseConfig } from '../../lib/config/config.ts';
import { agentOptions } from '../../lib/outbound/agents.ts';
import { readProxy } from '../../lib/outbound/proxy.ts';

const ON = { NODE_USE_ENV_PROXY: '1' };
const PROXY = 'http://user:Zt5secret@proxy.test:3128';

const OFF: readonly Readonly<Record<string, string>>[] = [
  {},
  ON,
  { HTTPS_PROXY: PROXY },
  { HTTPS_PROXY: PROXY, NODE_USE_ENV_PROXY: '' },
  { HTTPS_PROXY: PROXY, NODE_USE_ENV_PROXY: '0' },
  { HTTPS_PROXY: PROXY, NODE_USE_ENV_PROXY: 'true' },
  { ...ON, HTTPS_PROXY: '', NO_PROXY: 'a' },
  // Not in use, so nobody's business, on whatever Node.
  { HTTPS_PROXY: 'proxy:3128' },
];
suite('no proxy', () => {
  for (const environment of OFF) {
    for (const isSupported of [true, false]) {
      test(`${JSON.stringify(environment)}, ${isSupported ? 'a Node that can' : 'a Node that cannot'}`, () => {
        assert.deepEqual(readProxy(environment, isSupported), { settings: undefined, problems: [] });
      });
    }
  }
});

test('lower-case names go before the others, as in Node', () => {
  const { settings } = readProxy(
    {
      ...ON,
      HTTPS_PROXY: 'http://upper:1',
      https_proxy: PROXY,
      HTTP_PROXY: 'http://upper:2',
      NO_PROXY: 'upper',
      no_proxy: 'a.test,b',
    },
    true,
  );
  assert.equal(settings?.HTTPS_PROXY, PROXY);
  assert.equal(settings?.HTTP_PROXY, 'http://upper:2');
  assert.match(settings?.NO_PROXY ?? '', /^a\.test,b,localhost,/);
});

/** Whether a request for this URL goes through the proxy; no connection is made. */
function isProxied(url: string, noProxy?: string): boolean {
  const given = { ...ON, HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY, ...(noProxy !== undefined && { NO_PROXY: noProxy }) };
  const agent = new http.Agent(agentOptions(readProxy(given, true).settings));
  agent.createConnection = () => new Socket();
  const outgoing = http.request(url, { agent }).on('error', () => undefined);
  outgoing.destroy();
  // A proxy is asked for the whole URL (RFC 9112 §3.2.2).
  return outgoing.path.startsWith('http://');
}

const DIRECT = [
  'http://localhost/v3',
  'http://LOCALHOST/v3',
  'http://127.0.0.1/v3',
  'http://127.255.255.255:8080/v3',
  'http://[::1]:5000/v3',
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.170.2/v2/credentials',
  'http://169.254.0.0/',
  'http://169.254.255.255/',
];
const PROXIED = [
  'http://iam.test/',
  'http://localhost.test/',
  'http://169.253.255.255/',
  'http://169.255.0.0/',
  'http://128.0.0.1/',
  'http://10.0.0.1/',
];
suite('loopback and link-local hosts go direct, others through the proxy', () => {
  for (const noProxy of [undefined, 'nobody.test']) {
    for (const url of DIRECT) test(`${url}, NO_PROXY=${noProxy}`, () => assert.equal(isProxied(url, noProxy), false));
    for (const url of PROXIED) test(`${url}, NO_PROXY=${noProxy}`, () => assert.equal(isProxied(url, noProxy), true));
  }
});

test('hosts of NO_PROXY go direct', () => {
  for (const url of ['http://iam.test/', 'http://10.0.0.1/']) assert.equal(isProxied(url, '.test, 10.0.0.1'), false);
  assert.equal(isProxied('http://iam.example/', '.test, 10.0.0.1'), true);
  assert.equal(isProxied('http://iam.example/', '*'), false);
});

const WRONG = [
  'proxy.test:3128',
  'proxy',
  'socks5://proxy.test:1080',
  'ftp://proxy.test',
  'http://',
  '//proxy.test',
  'http://user:%zz@proxy.test',
  'http://us er@pro xy',
];
suite('a proxy that Node would not take does not start', () => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy']) {
    for (const value of WRONG) {
      test(`${name}=${value}`, () => {
        assert.deepEqual(readProxy({ ...ON, [name]: value }, true).problems, [`${name} must be an http or https URL`]);
      });
    }
  }
});

test('a Node whose agents ignore a proxy does not start where one is set, and says why without the password', () => {
  const environment = { ...ON, HTTPS_PROXY: PROXY, IAM_URL: 'https://iam.test/v3' };
  assert.throws(
    () => parseConfig(environment, { hasKernelRandom: true, readTextFile: String, hasProxySupport: false }),
    (error: Error) => {
      assert.match(error.message, /NODE_USE_ENV_PROXY is 1, but this Node\.js cannot use a proxy; it takes 22\.21/);
      assert.doesNotMatch(error.message, /secret|proxy\.test/);
      return true;
    },
  );
});

test('the problems of proxies are listed with all others', () => {
  const environment = { ...ON, HTTPS_PROXY: 'proxy', HTTP_PROXY: PROXY };
  assert.throws(
    () => parseConfig(environment, { hasKernelRandom: true, readTextFile: String }),
    /HTTPS_PROXY must be an http or https URL[\s\S]*IAM_URL is missing/,
  );
});
