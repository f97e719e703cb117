import { after } from 'node:test';
import type { App } from '../../lib/app/core.ts';
import type { Environment } from '../../lib/config/config.ts';
import { appOf } from './app.ts';
import { type Door, openDoors } from './doors.ts';
import { ALLOWED_ROLE, type EmbeddedIam, startEmbeddedIam } from './embedded-iam.ts';

export interface RunningService {
  readonly app: App;
  readonly iam: EmbeddedIam;
  readonly doors: readonly Door[];
  /** Every line that was logged. */
  readonly lines: readonly string[];
}

/** The whole service, put together as in production, against the embedded IAM; stopped after the file's last test. */
export async function startService(environment: Environment = {}): Promise<RunningService> {
  const iam = await startEmbeddedIam();
  const lines: string[] = [];
  const basis = { IAM_URL: iam.url, IAM_ALLOWED_ROLES: ALLOWED_ROLE, LOG_LEVEL: 'debug' };
  const app = appOf({ ...basis, ...environment }, (line) => lines.push(line));
  const { doors, close } = await openDoors(app);
  after(() => {
    close();
    iam.close();
  });
  return { app, iam, doors, lines };
}
