/**
 * Reason phrases of the statuses in use (RFC 9110 §15). Not from `node:http`: loading it for them costs a function 4 ms
 * of its start. In the bundles this table stands for it in middy's helpers too, which read `STATUS_CODES` and nothing
 * else of it.
 */
export const STATUS_CODES: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};

export function statusPhrase(status: number): string {
  return STATUS_CODES[status] ?? '';
}
