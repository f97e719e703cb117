import * as v from 'valibot';
import { loginBody, projectScope } from './accounts.ts';
import { type Token, TokenDocument } from './identity-assertions.ts';

export interface Issued {
  readonly token: string;
  readonly document: Token;
}

/** Requests to one identity service. */
export interface IdentityClient {
  readonly call: (method: string, path: string, headers?: Record<string, string>) => Promise<Response>;
  /** `POST /auth/tokens`, of a JSON document or of a text as it is. */
  readonly post: (body: object | string, query?: string) => Promise<Response>;
  /** A login that has to succeed; the scope is the project `demo` unless another is given. */
  readonly issue: (name: string, scope?: unknown) => Promise<Issued>;
  /** `GET /auth/tokens` by one token about another one, or about itself. */
  readonly validate: (caller: string, subject?: string, query?: string) => Promise<Response>;
  readonly revoke: (token: string) => Promise<Response>;
}

export function createIdentityClient(baseUrl: string): IdentityClient {
  const call: IdentityClient['call'] = (method, path, headers = {}) => fetch(`${baseUrl}${path}`, { method, headers });
  const post: IdentityClient['post'] = (body, query = '') =>
    fetch(`${baseUrl}/auth/tokens${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    call,
    post,
    async issue(name, scope = projectScope('demo')) {
      const response = await post(loginBody(name, scope));
      const token = response.headers.get('x-subject-token');
      if (token === null) throw new Error(`a login is ${response.status}: ${await response.text()}`);
      return { token, document: await readToken(response) };
    },
    validate: (caller, subject = caller, query = '') =>
      call('GET', `/auth/tokens${query}`, { 'X-Auth-Token': caller, 'X-Subject-Token': subject }),
    revoke: (token) => call('DELETE', '/auth/tokens', { 'X-Auth-Token': token, 'X-Subject-Token': token }),
  };
}

export async function readToken(response: Response): Promise<Token> {
  return v.parse(TokenDocument, await response.json()).token;
}
