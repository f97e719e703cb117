import { PROJECT_ID } from './iam.ts';

/** As an HTTP API sends it (payload format 2.0), but for its request id: the function then answers with the id of its invocation. */
export function httpApiEvent(headers: Readonly<Record<string, string>>, body: string): unknown {
  const path = `/v1.0/${PROJECT_ID}/kms/gen-random`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3',
      domainName: 'a1b2c3.execute-api.eu-central-1.amazonaws.com',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'check' },
      routeKey: '$default',
      stage: '$default',
    },
    body,
    isBase64Encoded: false,
  };
}
