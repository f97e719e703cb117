import { readToken } from './token.ts';
import { rejected, type Verdict, type VerifyToken } from './verdict.ts';

/** What an authenticator may look at. */
export interface CredentialCarrier {
  /** All values of a header, by its lower-case name; empty where it is missing. */
  headerValues(name: string): readonly string[];
}

export type Authenticate = (carrier: CredentialCarrier) => Verdict | Promise<Verdict>;

/** Judges a request by the one credential that it carries. */
export function createAuthenticator(verifyToken: VerifyToken): Authenticate {
  return (carrier) => {
    const reading = readToken(carrier.headerValues('x-auth-token'));
    if (reading.kind === 'absent') return rejected('no-credential');
    if (reading.kind === 'malformed') return rejected('malformed-token');
    return verifyToken(reading.token);
  };
}
