import { CLOCK_FAULTS } from './clock-faults.ts';
import { CREDENTIAL_FAULTS } from './credential-faults.ts';
import type { Fault } from './fault.ts';
import { IAM_FAULTS } from './iam-faults.ts';
import { LOCAL_SOURCE_FAULTS } from './local-source-faults.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { SOURCE_FAULTS } from './source-faults.ts';
import { SOURCE_HEALTH_FAULTS } from './source-health-faults.ts';

/** The fault matrix, by what fails. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  IAM: IAM_FAULTS,
  'Entropy sources': [...SOURCE_FAULTS, ...SOURCE_HEALTH_FAULTS, ...LOCAL_SOURCE_FAULTS],
  'Credentials of the sources': CREDENTIAL_FAULTS,
  'Standard output, memory, file descriptors': PROCESS_FAULTS,
  Clocks: CLOCK_FAULTS,
  'Clients and the network': NETWORK_FAULTS,
};
