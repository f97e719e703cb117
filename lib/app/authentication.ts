import { randomBytes, randomInt } from 'node:crypto';
import { createSignatureVerifier } from '../auth/aksk/signature-verifier.ts';
import { createCachedVerifier, type ValidationPlaces } from '../auth/cached-verifier.ts';
import { createIamVerifier } from '../auth/iam/iam-verifier.ts';
import type { ServiceAccount } from '../auth/iam/login.ts';
import { createServiceToken } from '../auth/iam/service-token.ts';
import { createJudge, type JudgeCredential } from '../auth/judge-credential.ts';
import { createStaticTokenVerifier } from '../auth/static-tokens.ts';
import type { VerifyToken } from '../auth/verdict.ts';
import type { Config } from '../config/config.ts';
import { createSend } from '../outbound/send.ts';
import { createWatch, noteLogin, type Watch } from './watch.ts';

export interface AuthenticationParts extends Watch {
  readonly config: Config;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many callers may wait for IAM at once; absent: all. */
  readonly validations?: ValidationPlaces | undefined;
}

/** The configured methods of authentication. */
export function createJudgeOf(parts: AuthenticationParts): JudgeCredential {
  const { AUTH_METHODS: methods, IAM_URL: iamUrl, STATIC_TOKENS: digests, AKSK_CREDENTIALS: keys } = parts.config;
  return createJudge({
    staticTokens: methods.includes('static') && digests ? createStaticTokenVerifier(digests) : undefined,
    iam: methods.includes('iam') && iamUrl ? createTokenVerifier(iamUrl, parts) : undefined,
    signatures: methods.includes('aksk') && keys ? createSignatureVerifier(keys, parts.now) : undefined,
  });
}

function createTokenVerifier(iamUrl: string, parts: AuthenticationParts): VerifyToken {
  const { config, now, monotonicMs, observer } = parts;
  const timeoutMs = config.IAM_TIMEOUT_MS;
  const send = createSend(config.proxy);
  const keepRoles = new Set(config.IAM_ALLOWED_ROLES);
  const account = serviceAccount(config);
  const asking = { iamUrl, send, timeoutMs, now, monotonicMs };
  const serviceToken = account && createServiceToken({ ...asking, account, jitter, onLogin: noteLogin(parts) });
  const verify = createIamVerifier({ ...asking, serviceToken, keepRoles });
  return createCachedVerifier({
    verify: createWatch(parts).verification(verify),
    timeoutMs,
    ttlMs: config.TOKEN_CACHE_TTL_SECONDS * 1000,
    entries: config.TOKEN_CACHE_ENTRIES,
    now,
    randomBytes,
    observer,
    places: parts.validations,
  });
}

const jitter = (): number => randomInt(500, 1_001) / 1_000;

function serviceAccount(config: Config): ServiceAccount | undefined {
  const { IAM_SERVICE_USER: user, IAM_SERVICE_PASSWORD: password } = config;
  const { IAM_SERVICE_DOMAIN: domain, IAM_SERVICE_PROJECT: project } = config;
  return user && password && domain && project ? { user, password, domain, project } : undefined;
}
