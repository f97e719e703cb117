import { createAwsKmsSource } from '../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createHuaweiKmsSource } from '../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { createSend } from '../../lib/outbound/send.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID } from './kms-huawei-dialect.ts';

// A process of its own: reads from one source, writes the outcome, and ends when nothing is left that keeps it alive.
const [kind = '', origin = '', deadlineMs = ''] = process.argv.slice(2);

// Far longer than a test may take: a timer that is left behind shows as a process that does not end.
const LONG_MS = 60_000;

function makeSource() {
  if (kind === 'aws-kms') {
    const load = async () => (await import('../../lib/entropy/aws-kms/kms-call.ts')).createKmsCall();
    return createAwsKmsSource({ load, pauseMs: () => LONG_MS });
  }
  return createHuaweiKmsSource({
    kmsUrl: origin,
    projectId: HUAWEI_PROJECT_ID,
    keys: () => HUAWEI_KEYS,
    send: createSend(),
    timeoutMs: LONG_MS,
    pauseMs: () => LONG_MS,
    now: Date.now,
  });
}

const deadline = new AbortController();
const timer = setTimeout(() => deadline.abort(), Number(deadlineMs));
const outcome = await makeSource()
  .read(64, deadline.signal)
  .then(({ length }) => `${length} bytes`)
  .catch((error: unknown) => (error instanceof ServiceError ? error.key : String(error)));
clearTimeout(timer);
process.stdout.write(`${outcome} ${Math.round(performance.now())}`);
