import type { Measurement } from '../measurement.ts';
import { median } from '../support/statistics.ts';
import { runWorker } from '../support/worker.ts';

export const cachedVerification: Measurement = {
  name: 'cached-verification',
  title: 'Verification of a cached token',
  how: 'From the headers of the event to the verdict, for tokens of the lengths of the embedded IAM’s, of Keystone’s and of the longest that Huawei documents.',
  isFullOnly: true,
  async measure() {
    const runs = await runWorker<Record<string, readonly number[]>>({ file: 'cached-verification.ts' });
    return {
      rows: Object.entries(runs).map(([characters, values]) => ({
        label: `a token of ${Number(characters).toLocaleString('en')} characters`,
        value: median(values),
        unit: 'µs',
      })),
    };
  },
};
