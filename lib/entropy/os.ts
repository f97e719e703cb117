import { openSync, readSync } from 'node:fs';
import { describeSource } from './descriptor.ts';
import type { LocalSource } from './source.ts';

/** The kernel's generator. Linux, macOS and the BSDs have it; Windows has none. */
export const KERNEL_RANDOM_DEVICE = '/dev/urandom';

/**
 * The generator of the kernel, read for each request. Unlike OpenSSL it learns when a virtual machine was cloned, and
 * reseeds (Linux `drivers/virt/vmgenid.c`). The descriptor is opened here and kept: a clone may share a descriptor, but
 * not bytes.
 *
 * @throws {Error} here if the device cannot be opened, in `read` if it ends early
 */
export function createOsSource(device: string = KERNEL_RANDOM_DEVICE): LocalSource {
  const descriptor = openSync(device, 'r');
  return {
    kind: 'local',
    name: 'os',
    read(length) {
      const bytes = new Uint8Array(length);
      // random(4): a read of more than 256 bytes may be interrupted by a signal and return fewer.
      for (let filled = 0; filled < length; ) {
        const count = readSync(descriptor, bytes, filled, length - filled, null);
        if (count === 0) throw new Error('the kernel device returned no bytes');
        filled += count;
      }
      return bytes;
    },
  };
}

export const os = describeSource({
  name: 'os',
  variables: {},
  needs: () => [],
  obstacle: ({ hasKernelRandom }) => (hasKernelRandom ? undefined : 'this system has no kernel random device'),
  create: () => createOsSource(),
});
