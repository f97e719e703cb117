import type { Config } from '../config/config.ts';
import type { LogFields } from '../telemetry/log.ts';
import { VERSION } from '../telemetry/version.ts';

/**
 * What is in force, for the one line that a start writes: names, numbers and the host of IAM; no secret.
 *
 * @param isContainer whether the container's own variables count
 */
export function inForce(config: Config, isContainer = false): LogFields {
  const { AUTH_METHODS: methods, IAM_URL: iamUrl } = config;
  const asksTokens = config.SERVER_DOOR === 'http';
  return {
    version: VERSION,
    node: process.versions.node,
    door: config.SERVER_DOOR,
    auth_methods: asksTokens ? methods : undefined,
    iam_host: asksTokens && methods.includes('iam') && iamUrl !== undefined ? new URL(iamUrl).host : undefined,
    allowed_roles: asksTokens ? config.IAM_ALLOWED_ROLES : undefined,
    service_account: asksTokens ? config.IAM_SERVICE_USER !== undefined : undefined,
    token_cache_ttl_seconds: asksTokens ? config.TOKEN_CACHE_TTL_SECONDS : undefined,
    entropy_sources: config.ENTROPY_SOURCES,
    entropy_on_failure: config.ENTROPY_ON_FAILURE,
    rate_limit_per_second: config.RATE_LIMIT_PER_SECOND,
    max_in_flight: isContainer ? config.MAX_IN_FLIGHT : undefined,
    log_level: config.LOG_LEVEL,
    metrics_port: isContainer ? config.METRICS_PORT : undefined,
  };
}
