import { type Fields, isFields } from '../../json.ts';

/** An address and nothing else: four numbers, or hexadecimal groups. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|(?=.*:)[0-9A-Fa-f:.]{2,45})$/;

/**
 * The client's address, from the place where each platform itself puts it: `sourceIp` of API Gateway, a Function URL
 * and APIG, and the last entry of `X-Forwarded-For` behind a load balancer, which the balancer appends.
 */
export function clientIpOf(context: Fields, headerValues: (name: string) => readonly string[]): string | undefined {
  const address = isFields(context.elb)
    ? headerValues('x-forwarded-for').join().split(',').at(-1)
    : sourceIpOf(context);
  const trimmed = typeof address === 'string' ? address.trim() : '';
  return ADDRESS.test(trimmed) ? trimmed : undefined;
}

function sourceIpOf({ http, identity, sourceIp }: Fields): unknown {
  const place = [http, identity].find(isFields);
  return place?.sourceIp ?? sourceIp;
}
