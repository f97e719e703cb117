import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** For `NODE_EXTRA_CA_CERTS` of a process that is to trust it. */
  readonly file: string;
  remove(): Promise<void>;
}

/** A certificate of a day that signs itself. @param names as in `subjectAltName`, such as `DNS:iam.test` */
export async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'gen-random-'));
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=gen-random.test', '-addext', `subjectAltName=${names.join()}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', ['req', '-x509', '-days', '1', ...key, '-keyout', keyFile, '-out', file, ...subject]);
  return {
    key: await readFile(keyFile),
    cert: await readFile(file),
    file,
    remove: () => rm(folder, { recursive: true }),
  };
}
