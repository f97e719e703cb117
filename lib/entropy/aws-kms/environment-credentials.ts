/**
 * Stands in the place of the SDK's whole chain of credentials in the bundles of functions: on Lambda the role's keys are environment
 * variables, and the other links of the chain are 136 kB and 10 ms of start-up.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
