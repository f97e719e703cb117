import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseTarget, resolvePath } from '../http/target.ts';
import { createCheckPassword, type LocalAccount } from './iam-accounts.ts';
import { receiveJson } from './iam-body.ts';
import { createIamOperations, type IamOperation, type IamReply } from './iam-operations.ts';
import { IamRefusal } from './iam-refusal.ts';
import { createFindSigner } from './iam-signer.ts';
import { createTokenStore } from './iam-tokens.ts';

/** Huawei's IAM issues tokens for 24 hours. */
const TOKEN_LIFETIME_SECONDS = 24 * 60 * 60;

type Routes = Readonly<Record<string, Readonly<Record<string, IamOperation>>>>;

export interface LocalIamOptions {
  readonly accounts: readonly LocalAccount[];
  /** This IAM as its clients reach it, `http://127.0.0.1:8000/v3` for example. Its path is where requests are taken. */
  readonly baseUrl: string;
  /**
   * The catalogue's entries of type `kms` and `kmsv1`, `http://127.0.0.1:8000/v1.0` for example: version but no
   * project, the form for which the OTC client appends the project itself. It takes one that ends with the project's id
   * as well, and asks for no version document in either case. One URL serves the tokens of all projects, so it names
   * none.
   */
  readonly kmsUrl: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Default 86,400, as at Huawei's IAM. */
  readonly tokenLifetimeSeconds?: number;
  /** Told what was thrown when the answer is 500. */
  readonly onDefect?: (error: unknown) => void;
}

/**
 * Keystone v3 for the local run and the tests: tokens by password or token, their validation and revocation, the
 * catalogue, and what a user may choose from. Below the base and, for the list of versions, at the root above it. A
 * validation may carry one token twice, so give the server room for it: `maxHeaderSize` of 96 KiB or more.
 */
export function createLocalIam(options: LocalIamOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { accounts, baseUrl, kmsUrl, now, randomBytes, tokenLifetimeSeconds = TOKEN_LIFETIME_SECONDS } = options;
  const operations = createIamOperations({
    checkPassword: createCheckPassword(accounts),
    tokens: createTokenStore({ now, randomBytes, lifetimeSeconds: tokenLifetimeSeconds }),
    endpoints: { baseUrl, kmsUrl },
  });
  const findSigner = createFindSigner(accounts, now);
  const { origin, pathname: base } = new URL(baseUrl);
  const read = (operation: IamOperation) => ({ GET: operation, HEAD: operation });
  const routes: Routes = {
    [base.replace(/\/v3$/, '')]: read(operations.versions),
    [base]: read(operations.version),
    [`${base}/auth/tokens`]: { ...read(operations.validate), POST: operations.issue, DELETE: operations.revoke },
    [`${base}/auth/catalog`]: read(operations.catalog),
    [`${base}/auth/projects`]: read(operations.projects),
    [`${base}/auth/domains`]: read(operations.domains),
    [`${base}/projects`]: read(operations.projects),
    [`${base}/users/{id}/projects`]: read(operations.projects),
  };

  async function answer(request: IncomingMessage): Promise<IamReply> {
    const target = parseTarget(request.url);
    const { path } = resolvePath(target);
    const [, before, userId, behind] = /^(.*\/users\/)([^/]+)(\/projects)\/?$/.exec(path) ?? [];
    const route = userId === undefined ? path.replace(/\/$/, '') : `${before}{id}${behind}`;
    const methods = routes[route];
    if (methods === undefined) throw new IamRefusal('path.unknown');
    const operation = methods[request.method ?? ''];
    if (operation === undefined) {
      const { status, body } = new IamRefusal('method.unknown');
      return { status, body, headers: { Allow: Object.keys(methods).join(', ') } };
    }
    return operation({
      callerToken: header(request, 'x-auth-token'),
      subjectToken: header(request, 'x-subject-token'),
      signer: () => findSigner(request, target),
      userId,
      self: `${origin}${path}`,
      query: new URLSearchParams(target.query),
      body: () => receiveJson(request),
    });
  }

  return (request, response) => {
    const requestId = Buffer.from(randomBytes(16)).toString('hex');
    void answer(request)
      .catch((error: unknown) => refused(error, options))
      .then((reply) => send(response, requestId, reply));
  };
}

function refused(error: unknown, { baseUrl, onDefect }: LocalIamOptions): IamReply {
  if (!(error instanceof IamRefusal)) onDefect?.(error);
  const { status, body } = error instanceof IamRefusal ? error : new IamRefusal('defect');
  // RFC 9110, section 15.5.2: a 401 names its challenge. Keystone's is its own address.
  return { status, body, ...(status === 401 && { headers: { 'WWW-Authenticate': `Keystone uri="${baseUrl}"` } }) };
}

function send(response: ServerResponse, requestId: string, { status, headers, body }: IamReply): void {
  const json = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    ...(json !== '' && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) }),
    'Cache-Control': 'no-store',
    Vary: 'X-Auth-Token',
    'X-Request-Id': requestId,
    'X-Openstack-Request-Id': `req-${requestId}`,
  });
  response.end(json);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
