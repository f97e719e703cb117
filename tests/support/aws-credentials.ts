import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AWS_ENVIRONMENT } from './kms-aws-dialect.ts';
import { serveOnLoopback } from './loopback.ts';

/** How the endpoints of credentials answer from now on. */
export type CredentialsBehaviour = 'good' | 'silent' | 'half-an-answer' | 'cut-off' | 'server-error';

export type CredentialsKind = 'container' | 'pod identity' | 'STS' | 'machine';

export interface CredentialsEndpoint {
  /** Variables by which the SDK finds its credentials here and nowhere else. */
  environment(kind: CredentialsKind): Readonly<Record<string, string>>;
  behave(behaviour: CredentialsBehaviour): void;
  /** Milliseconds from an answer until what it gave expires; a day at first. */
  setLifetime(milliseconds: number): void;
  /** Requests since it was last told how to behave. */
  readonly requests: () => number;
  /** Requests that are neither answered nor given up. */
  readonly pending: () => number;
  close(): void;
}

const POD_TOKEN = 'a-token-of-the-pod';

/** Everything that AWS's SDK asks for credentials: a container's agent, EKS pod identity, STS and a machine's metadata service. */
export async function startCredentialsEndpoint(): Promise<CredentialsEndpoint> {
  let behaviour: CredentialsBehaviour = 'good';
  let lifetimeMs = 24 * 3_600_000;
  let requests = 0;
  let pending = 0;

  const server = createServer((request, response) => {
    requests += 1;
    pending += 1;
    response.once('close', () => {
      pending -= 1;
    });
    const { url = '', headers } = request;
    const expiration = new Date(Date.now() + lifetimeMs).toISOString();
    if (behaviour !== 'good') return misbehave(response, behaviour);
    if (url === '/pod' && headers.authorization !== POD_TOKEN) response.writeHead(401).end('{}');
    else if (url.startsWith('/sts')) response.end(stsAnswer(expiration));
    else if (url === '/latest/api/token') response.end('a-token-of-the-machine');
    else if (url.endsWith('/security-credentials/')) response.end('role-of-the-machine');
    else response.end(JSON.stringify(credentials(expiration)));
  });
  const { origin, close } = await serveOnLoopback(server);
  const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, POD_TOKEN);

  const ways: Readonly<Record<CredentialsKind, Readonly<Record<string, string>>>> = {
    container: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin}/container` },
    'pod identity': {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin}/pod`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    },
    STS: {
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/gen-random',
      AWS_ENDPOINT_URL_STS: `${origin}/sts`,
    },
    machine: { AWS_EC2_METADATA_SERVICE_ENDPOINT: origin, AWS_EC2_METADATA_DISABLED: 'false' },
  };
  const { AWS_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_EC2_METADATA_DISABLED } = AWS_ENVIRONMENT;
  return {
    environment: (kind) => ({
      AWS_REGION,
      AWS_CONFIG_FILE,
      AWS_SHARED_CREDENTIALS_FILE,
      AWS_EC2_METADATA_DISABLED,
      ...ways[kind],
    }),
    behave(next) {
      behaviour = next;
      requests = 0;
    },
    setLifetime(milliseconds) {
      lifetimeMs = milliseconds;
    },
    requests: () => requests,
    pending: () => pending,
    close() {
      close();
      rmSync(folder, { recursive: true });
    },
  };
}

function misbehave(response: ServerResponse, behaviour: Exclude<CredentialsBehaviour, 'good'>): void {
  if (behaviour === 'silent') return;
  if (behaviour === 'server-error') {
    response.writeHead(500).end();
    return;
  }
  response.writeHead(200, { 'Content-Length': 1000 }).write('{', () => {
    if (behaviour === 'cut-off') response.destroy();
  });
}

function credentials(Expiration: string) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = AWS_ENVIRONMENT;
  const keys = { AccessKeyId: AWS_ACCESS_KEY_ID, SecretAccessKey: AWS_SECRET_ACCESS_KEY };
  return { ...keys, Token: AWS_SESSION_TOKEN, Expiration };
}

function stsAnswer(expiration: string): string {
  const { AccessKeyId, SecretAccessKey, Token } = credentials(expiration);
  const members = { AccessKeyId, SecretAccessKey, SessionToken: Token, Expiration: expiration };
  const xml = Object.entries(members).map(([name, value]) => `<${name}>${value}</${name}>`);
  return [
    '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    `<AssumeRoleWithWebIdentityResult><Credentials>${xml.join('')}</Credentials></AssumeRoleWithWebIdentityResult>`,
    '</AssumeRoleWithWebIdentityResponse>',
  ].join('');
}
