import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Accounts, createAccounts } from './keystone-accounts.ts';
import { type RunningProgram, runProgram, startProgram } from './processes.ts';

export interface Keystone extends Accounts {
  /** Identity API v3, such as `http://127.0.0.1:35357/v3`. Its tokens live for an hour. */
  readonly baseUrl: string;
  /** The same Keystone, keys and accounts, where tokens live for `BRIEF_SECONDS`. */
  readonly briefBaseUrl: string;
  readonly stop: () => Promise<void>;
}

/** Keystone cuts the end down to a whole second. */
const BRIEF_SECONDS = 3;
const ADMIN_PASSWORD = 'admin';

/** OpenStack's Keystone as Debian packages it, under gunicorn, with SQLite and Fernet tokens in a folder of its own. */
export async function startKeystone(): Promise<Keystone> {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-keystone-'));
  const servers: RunningProgram[] = [];
  async function stop(): Promise<void> {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  }

  async function serve(configurations: readonly string[]): Promise<string> {
    const server = await startProgram(gunicorn(folder, configurations), /Listening at: (http:\S+)/);
    servers.push(server);
    return `${server.ready[1]}/v3`;
  }

  try {
    writeConfigurations(folder);
    await initialise(folder);
    const [baseUrl, briefBaseUrl] = await Promise.all([
      serve(['keystone.conf']),
      serve(['keystone.conf', 'brief.conf']),
    ]);
    return { baseUrl, briefBaseUrl, stop, ...(await createAccounts(baseUrl, ADMIN_PASSWORD)) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeConfigurations(folder: string): void {
  const keystone = `[database]
connection = sqlite:///${join(folder, 'keystone.db')}
[token]
expiration = 3600
[fernet_tokens]
key_repository = ${join(folder, 'fernet-keys')}
[fernet_receipts]
key_repository = ${join(folder, 'fernet-keys')}
[credential]
key_repository = ${join(folder, 'credential-keys')}
[identity]
# The least that bcrypt takes: these passwords are public.
password_hash_rounds = 4
[cache]
# Without it a validation takes half a second.
enabled = true
backend = dogpile.cache.memory
`;
  // A file, because Keystone would parse gunicorn's command line. One worker, because the cache is in its memory; one thread,
  // because SQLite takes no two writers.
  const server = `wsgi_app = "keystone.server.wsgi:initialize_public_application()"
bind = "127.0.0.1:0"
worker_class = "gthread"
workers = 1
threads = 1
keepalive = 60
`;
  writeFileSync(join(folder, 'keystone.conf'), keystone);
  writeFileSync(join(folder, 'brief.conf'), `[token]\nexpiration = ${BRIEF_SECONDS}\n`);
  writeFileSync(join(folder, 'gunicorn.py'), server);
}

async function initialise(folder: string): Promise<void> {
  const manage = (...parameters: string[]) =>
    runProgram({
      command: 'keystone-manage',
      parameters: ['--config-file', 'keystone.conf', ...parameters],
      environment: environment(folder),
      cwd: folder,
    });
  const { uid, gid } = userInfo();
  const owner = ['--keystone-user', `${uid}`, '--keystone-group', `${gid}`];
  await Promise.all([manage('db_sync'), manage('fernet_setup', ...owner), manage('credential_setup', ...owner)]);
  await manage('bootstrap', '--bootstrap-password', ADMIN_PASSWORD, '--bootstrap-region-id', 'local');
}

function gunicorn(folder: string, configurations: readonly string[]) {
  return {
    command: 'gunicorn',
    parameters: [],
    environment: {
      ...environment(folder),
      GUNICORN_CMD_ARGS: '-c gunicorn.py',
      OS_KEYSTONE_CONFIG_FILES: configurations.map((name) => join(folder, name)).join(';'),
    },
    cwd: folder,
  };
}

/** Debian's own Python, whatever else is installed. */
function environment(folder: string): Record<string, string> {
  return { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8' };
}
