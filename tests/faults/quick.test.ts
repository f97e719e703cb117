import { test } from 'node:test';
import { CREDENTIAL_FAULTS } from './credential-faults.ts';
import { FAULTS } from './faults.ts';

for (const fault of Object.values(FAULTS).flat()) {
  const { name, isSlow = false, run } = fault;
  if (!isSlow && !CREDENTIAL_FAULTS.includes(fault)) test(name, { timeout: 30_000 }, run);
}
