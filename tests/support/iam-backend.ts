import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { PROJECT_ID } from './contract.ts';
import { plainServer, serveOnLoopback } from './loopback.ts';

/** How an IAM on loopback answers a validation or a login. */
export type IamBehaviour =
  | 'good'
  | 'slow'
  | 'refusing'
  | 'silent'
  | 'dripping'
  | 'half-an-answer'
  | 'garbage'
  | 'too-long'
  | 'server-error'
  | 'throttling'
  | 'reset'
  | 'expired'
  | 'unauthorized';

export interface IamBackend {
  /** As in `IAM_URL`. */
  readonly url: string;
  /** From now on. `refusing` closes its port, and every connection with it. @param part default: both questions */
  behave(behaviour: IamBehaviour, part?: 'login' | 'validation'): Promise<void>;
  /** Requests that are neither answered nor given up. */
  readonly pending: () => number;
  close(): void;
}

/** Tokens that begin so are known to it; no other is. */
export const KNOWN = 'known-';

const SOON_MS = 3_600_000;
const SLOW_MS = 400;

/** Knows no user and remembers nothing: a validation is judged by the first letters of its token. */
export async function startIamBackend(): Promise<IamBackend> {
  const behaviours: Record<'login' | 'validation', IamBehaviour> = { login: 'good', validation: 'good' };
  let pending = 0;
  let isListening = true;
  const server = plainServer((request, response) => {
    pending += 1;
    response.once('close', () => {
      pending -= 1;
    });
    const part = request.method === 'POST' ? 'login' : 'validation';
    request.resume().once('end', () => REACTIONS[behaviours[part]](request, response));
  });
  const { origin, port, close } = await serveOnLoopback(server);

  async function setListening(wanted: boolean): Promise<void> {
    if (wanted === isListening) return;
    isListening = wanted;
    const done = new Promise<void>((resolve) => {
      if (wanted) server.listen(port, '127.0.0.1', resolve);
      else server.close(() => resolve());
    });
    if (!wanted) server.closeAllConnections();
    await done;
  }

  return {
    url: `${origin}/v3`,
    async behave(behaviour, part) {
      if (part !== 'validation') behaviours.login = behaviour;
      if (part !== 'login') behaviours.validation = behaviour;
      await setListening(behaviour !== 'refusing');
    },
    pending: () => pending,
    close,
  };
}

function says(status: number, body: string | Buffer = '{}'): RequestListener {
  return (_, response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
}

const REACTIONS: Readonly<Record<IamBehaviour, RequestListener>> = {
  good: (request, response) => answerWell(request, response, Date.now() + SOON_MS),
  slow: (request, response) => void setTimeout(() => answerWell(request, response, Date.now() + SOON_MS), SLOW_MS),
  expired: (request, response) => answerWell(request, response, Date.now() - SOON_MS),
  refusing: (_, response) => response.destroy(),
  silent: () => undefined,
  dripping: (_, response) => drip(response),
  'half-an-answer'(_, response) {
    response.writeHead(200, { 'Content-Length': 1000 }).write('{"token":', () => response.destroy());
  },
  garbage: says(200, '<html>who are you</html>'),
  'too-long': says(200, Buffer.alloc(1_000_000, ' ')),
  'server-error': says(503),
  throttling: says(429),
  reset: (_, { socket }) => socket?.resetAndDestroy(),
  unauthorized: says(401),
};

function answerWell({ method, headers }: IncomingMessage, response: ServerResponse, expiresAtMs: number): void {
  const isLogin = method === 'POST';
  if (!isLogin && !String(headers['x-subject-token']).startsWith(KNOWN)) {
    response.writeHead(404).end('{"error":{"code":404,"message":"Could not find token","title":"Not Found"}}');
    return;
  }
  const token = { expires_at: new Date(expiresAtMs).toISOString(), project: { id: PROJECT_ID }, user: { id: 'u-1' } };
  response.writeHead(isLogin ? 201 : 200, { 'X-Subject-Token': 'own-token' }).end(JSON.stringify({ token }));
}

function drip(response: ServerResponse): void {
  response.writeHead(200).write('{');
  const dripping = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(dripping));
}
