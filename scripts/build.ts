import { buildAll } from './bundle.ts';

for (const bundle of await buildAll(`${import.meta.dirname}/..`)) {
  process.stdout.write(`${bundle.file} ${bundle.bytes} bytes\n`);
}
