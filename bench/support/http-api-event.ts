import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, TOKEN } from './project.ts';

/** The sample of an HTTP API (payload format 2.0) as text, as the platform sends it. */
export function httpApiEvent(bits = 512, token = TOKEN): string {
  const sample = readFileSync(join(ROOT, 'events/apigw-http.success.json'), 'utf8');
  return sample.replace(/\$\{TOKEN\}/, token).replace('\\"512\\"', `\\"${bits}\\"`);
}
