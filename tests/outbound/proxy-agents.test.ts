import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKmsCall } from '../../lib/entropy/aws-kms/kms-call.ts';
import { createProxyAgents } from '../../lib/outbound/agents.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { AWS_ENVIRONMENT } from '../support/kms-aws-dialect.ts';

test('draws from AWS KMS that a silent proxy holds up leave no socket behind', { timeout: 20_000 }, async (context) => {
  const own = { globalHttp: http.globalAgent, globalHttps: https.globalAgent, environment: { ...process.env } };
  context.after(() => {
    http.globalAgent = own.globalHttp;
    https.globalAgent = own.globalHttps;
    process.env = own.environment;
  });
  Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: 'https://kms.test' });
  const proxy = await startConnectProxy(context, { isSilent: true });
  const agents = await createProxyAgents({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '' }, 200);
  const call = createKmsCall(agents);
  const deadline = new AbortController();
  const draws = Array.from({ length: 5 }, () => assert.rejects(call(64, deadline.signal)));
  while (proxy.asked.length < draws.length) await sleep(1);
  deadline.abort();
  await Promise.all(draws);
  while (proxy.open() > 0) await sleep(10);
});
