import { claimsSignature } from './aksk/authorization.ts';
import type { SignedRequest, VerifySignature } from './aksk/signature-verifier.ts';
import { readToken } from './token.ts';
import { rejected, type Verdict, type VerifyToken } from './verdict.ts';

/** The methods that are on; at least one. */
export interface AuthenticatorOptions {
  readonly staticTokens?: ((token: string) => Verdict) | undefined;
  readonly iam?: VerifyToken | undefined;
  readonly signatures?: VerifySignature | undefined;
}

export type Authenticate = (request: SignedRequest) => Verdict | Promise<Verdict>;

/**
 * Judges a request by the one credential that it carries. A credential of a method that is off is ignored, and so is any other
 * `Authorization`: hosts add Bearer tokens of their own.
 *
 * @throws {TypeError} without a method
 */
export function createAuthenticator({ staticTokens, iam, signatures }: AuthenticatorOptions): Authenticate {
  const verifyToken = tokenVerifier(staticTokens, iam);
  if (verifyToken === undefined && signatures === undefined) throw new TypeError('no authentication method is on');
  return (request) => {
    const tokens = verifyToken === undefined ? [] : request.headerValues('x-auth-token');
    if (signatures !== undefined) {
      const authorizations = request.headerValues('authorization');
      const isSigned = claimsSignature(authorizations);
      if (isSigned && tokens.length > 0) return rejected('two-credentials');
      if (isSigned || authorizations.length > 1) return signatures(request);
    }
    if (verifyToken === undefined) return rejected('no-credential');
    return judgeToken(tokens, verifyToken);
  };
}

function judgeToken(values: readonly string[], verifyToken: VerifyToken): Verdict | Promise<Verdict> {
  const reading = readToken(values);
  if (reading.kind === 'absent') return rejected('no-credential');
  if (reading.kind === 'malformed') return rejected('malformed-token');
  return verifyToken(reading.token);
}

/** A token that is in no list of ours goes on to IAM, where there is one. */
function tokenVerifier(staticTokens: AuthenticatorOptions['staticTokens'], iam: VerifyToken | undefined) {
  if (staticTokens === undefined || iam === undefined) return staticTokens ?? iam;
  return (token: string): Verdict | Promise<Verdict> => {
    const verdict = staticTokens(token);
    return verdict.outcome === 'accepted' ? verdict : iam(token);
  };
}
