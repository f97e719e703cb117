import type { AccessKeys } from '../../huawei-signing/sign-request.ts';
import { call } from './invocation.ts';

/** Temporary keys for Huawei's KMS, asked for at every draw. Undefined: the platform has none now. */
export type AgencyKeys = () => AccessKeys | undefined;

/**
 * The temporary keys of the function's agency, from FunctionGraph's context. They rotate, so they are read from the
 * newest context: it is the platform's word on which keys are good now, whatever request it came with.
 *
 * @returns undefined for another platform's context and for a function without an agency
 */
export function readAgencyKeys(context: unknown): AccessKeys | undefined {
  const [accessKey, secretKey, securityToken] = GETTERS.map((name) => call(context, name));
  if (!isFilled(accessKey) || !isFilled(secretKey) || !isFilled(securityToken)) return undefined;
  return { accessKey, secretKey, securityToken };
}

const GETTERS = ['getSecurityAccessKey', 'getSecuritySecretKey', 'getSecurityToken'];

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
