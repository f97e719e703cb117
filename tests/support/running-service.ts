import { after } from 'node:test';
import type { Environment } from '../../lib/config/config.ts';
import { appOf } from './app.ts';
import { openDoors } from './doors.ts';
import { ALLOWED_ROLE, issueTokens, startTestIam } from './test-iam.ts';

/** The whole service, put together as in production, against the embedded IAM; stopped after the file's last test. */
export async function startService(environment: Environment = {}) {
  const iam = await startTestIam({ after }, { startMs: Date.now() });
  const tokens = await issueTokens(iam);
  const lines: string[] = [];
  const basis = { IAM_URL: iam.url, IAM_ALLOWED_ROLES: ALLOWED_ROLE, LOG_LEVEL: 'debug' };
  const app = appOf({ ...basis, ...environment }, (line) => lines.push(line));
  return { app, iam, tokens, lines, doors: await openDoors(app, { after }) };
}
