/**
 * The headers of every reply. Random bytes must not be stored by anything on their way (ASVS 5.0, 14.3.2). All of
 * Huawei's SDKs take the request id from `X-Request-Id`; keystoneauth, and with it every client of OpenStack's, from
 * the other one.
 */
export function replyHeaders(requestId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json;charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    'X-Openstack-Request-Id': `req-${requestId}`,
  };
}
