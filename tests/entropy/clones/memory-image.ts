import { startupSnapshot } from 'node:v8';
import { createMix } from '../../../lib/entropy/mix.ts';
import { createOsSource } from '../../../lib/entropy/os.ts';
import { createSeededSource } from '../../../lib/entropy/seeded.ts';
import { testLocal } from '../../../lib/entropy/tested-source.ts';

// The heap of a process that has a generator with a state, as OpenSSL's is one, and has drawn from it. It is written to a file,
// and processes begin with it: this generator is then the same in all of them.
const watch = { onHealth: () => undefined, monotonicMs: () => 0 };
const generator = testLocal(createSeededSource('one state in two machines'), watch);
generator.read(64);

startupSnapshot.setDeserializeMainFunction(async () => {
  const alone = createMix({ sources: [generator], onFailure: 'refuse', timeoutMs: 1_000 });
  const sources = [generator, testLocal(createOsSource(), watch)];
  const withOs = createMix({ sources, onFailure: 'refuse', timeoutMs: 1_000 });
  const hex = async (drawn: ReturnType<typeof alone>) => Buffer.from((await drawn).bytes).toString('hex');
  process.stdout.write(JSON.stringify({ alone: await hex(alone(32)), withOs: await hex(withOs(32)) }));
});
