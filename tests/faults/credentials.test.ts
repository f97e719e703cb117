import { test } from 'node:test';
import { CREDENTIAL_FAULTS } from './credential-faults.ts';

// In a process of their own: the SDK finds its credentials by the environment.
for (const { name, run } of CREDENTIAL_FAULTS) test(name, { timeout: 30_000 }, run);
