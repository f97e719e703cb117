import { claimsSignature } from './aksk/authorization.ts';
import type { VerifySignature } from './aksk/signature-verifier.ts';
import { readToken } from './token.ts';
import { type JudgedRequest, rejected, type Verdict, type VerifyToken } from './verdict.ts';

/** The methods that are on; at least one. */
export interface Verifiers {
  readonly staticTokens?: ((token: string) => Verdict) | undefined;
  readonly iam?: VerifyToken | undefined;
  readonly signatures?: VerifySignature | undefined;
}

/** @param projectId the one in the path */
export type JudgeCredential = (request: JudgedRequest, projectId: string) => Verdict | Promise<Verdict>;

/**
 * Judges a request by the one credential that it carries. A credential of a method that is off is ignored, and so is
 * any other `Authorization`: hosts add Bearer tokens of their own.
 *
 * @throws {TypeError} without a method
 */
export function createJudge({ staticTokens, iam, signatures }: Verifiers): JudgeCredential {
  const verifyToken = tokenVerifier(staticTokens, iam);
  if (verifyToken === undefined && signatures === undefined) throw new TypeError('no authentication method is on');
  return (request, projectId) => {
    const tokens = verifyToken === undefined ? [] : request.headerValues('x-auth-token');
    if (signatures !== undefined) {
      const authorizations = request.headerValues('authorization');
      const isSigned = claimsSignature(authorizations);
      if (isSigned && tokens.length > 0) return rejected('two-credentials');
      if (isSigned || authorizations.length > 1) {
        request.trail.auth = 'local';
        return signatures(request, projectId);
      }
    }
    if (verifyToken === undefined) return rejected('no-credential');
    const reading = readToken(tokens);
    if (reading.kind === 'absent') return rejected('no-credential');
    if (reading.kind === 'malformed') return rejected('malformed-token');
    return verifyToken(reading.token, request);
  };
}

/** A token that is in no list of ours goes on to IAM, where there is one. */
function tokenVerifier(staticTokens: Verifiers['staticTokens'], iam: VerifyToken | undefined): VerifyToken | undefined {
  if (staticTokens === undefined) return iam;
  return (token, asker) => {
    const verdict = staticTokens(token);
    if (verdict.outcome !== 'accepted' && iam !== undefined) return iam(token, asker);
    asker.trail.auth = 'local';
    return verdict;
  };
}
