import { existsSync, readFileSync } from 'node:fs';
import { type Config, type Environment, parseConfig } from '../config/config.ts';
import { KERNEL_RANDOM_DEVICE } from '../entropy/os.ts';

/** The configuration, with what this machine has. @throws {ConfigError} */
export function readConfig(environment: Environment, hasAgencyKeys = false): Config {
  return parseConfig(environment, {
    hasKernelRandom: existsSync(KERNEL_RANDOM_DEVICE),
    // The sources have it as a module of their own; in a bundle it is a file beside.
    hasKmsChunk: typeof __dirname === 'undefined' || existsSync(`${__dirname}/kms.js`),
    hasAgencyKeys,
    // The list is made when it is asked for, which takes a millisecond.
    hasProxySupport:
      environment.NODE_USE_ENV_PROXY !== '1' || process.allowedNodeEnvironmentFlags.has('--use-env-proxy'),
    readTextFile: (path) => readFileSync(path, 'utf8'),
  });
}
