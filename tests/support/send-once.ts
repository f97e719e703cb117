import { readProxy } from '../../lib/outbound/proxy.ts';
import { createSend } from '../../lib/outbound/send.ts';

// A process of its own: sends what its argument says, writes the outcome, and ends when nothing is left that keeps it alive.
const { url, ...request } = JSON.parse(process.argv[2] ?? '');
const { settings } = readProxy(process.env, true);
const { kind, ...rest } = await createSend(settings)({ ...request, url: new URL(url) });
const { status, failure, detail } = { status: undefined, failure: undefined, detail: undefined, ...rest };
process.stdout.write(JSON.stringify({ kind, status, failure, detail }));
