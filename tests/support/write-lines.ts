import { writeToStandardOutput } from '../../lib/standard-output.ts';

// A process of its own: writes so many lines, each with its number and longer than what a pipe takes whole or not at all, and ends.

const count = Number(process.argv[2]);
for (let number = 0; number < count; number += 1) writeToStandardOutput(`${number} ${'x'.repeat(5_000)}`);
