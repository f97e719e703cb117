import { createInstance, outputsOf } from './instance.ts';

// A process of its own, forked or of a cluster: draws as many as its argument says, tells them to its parent, and ends.
const outputs = await outputsOf(createInstance(), Number(process.argv[2]));
process.send?.(outputs, () => process.disconnect());
