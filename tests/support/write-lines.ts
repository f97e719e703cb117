import { createLogWriter } from '../../lib/telemetry/standard-output.ts';

// A process of its own: writes lines as `tests/telemetry/standard-output.test.ts` expects them, and ends.

const { writeLine } = createLogWriter({ isDirect: true });
const [count, text = ''] = process.argv.slice(2);
for (let number = 0; number < Number(count); number += 1) writeLine(`${number} ${text}`);
