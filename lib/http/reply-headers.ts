/**
 * The headers of every reply. Random bytes must not be stored by anything on their way (ASVS 5.0, 14.3.2), and all of
 * Huawei's SDKs take the request id from `X-Request-Id`.
 */
export function replyHeaders(requestId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json;charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  };
}
