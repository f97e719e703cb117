import type { HttpReply } from '../../http/http-request.ts';
import { statusPhrase } from '../../http/status-phrases.ts';

export interface PlatformReply {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** As API Gateway, a Function URL and FunctionGraph's APIG want it. */
export function plainReply({ statusCode, headers, body }: HttpReply): PlatformReply {
  return { statusCode, headers, body, isBase64Encoded: false };
}

export function loadBalancerReply(reply: HttpReply): PlatformReply {
  const { statusCode } = reply;
  return { ...plainReply(reply), statusDescription: `${statusCode} ${statusPhrase(statusCode)}` };
}

/** A target group with multi-value headers ignores `headers`. */
export function multiValueLoadBalancerReply(reply: HttpReply): PlatformReply {
  const { headers = {}, ...rest } = loadBalancerReply(reply);
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { ...rest, multiValueHeaders };
}
