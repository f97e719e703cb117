import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before a container's own code. A SIGUSR2 breaks the generators, the next one mends them: OpenSSL gives zeros,
// and the kernel's device ends early.
const { openSync, readSync } = fs;
const { randomFillSync } = crypto;
const devices = new Set<number>();
let isBroken = false;

Object.assign(fs, {
  openSync(...parameters: Parameters<typeof openSync>) {
    const descriptor = openSync(...parameters);
    if (parameters[0] === '/dev/urandom') devices.add(descriptor);
    return descriptor;
  },
  readSync(...parameters: Parameters<typeof readSync>) {
    return isBroken && devices.has(parameters[0]) ? 0 : readSync(...parameters);
  },
});
Object.assign(crypto, {
  randomFillSync(bytes: Uint8Array) {
    return isBroken ? bytes.fill(0) : randomFillSync(bytes);
  },
});
syncBuiltinESMExports();
process.on('SIGUSR2', () => {
  isBroken = !isBroken;
});
