import { createSend } from '../../lib/outbound/send.ts';

// A process of its own: sends what its argument says, writes the outcome, and ends when nothing is left that keeps it alive.
const { url, ...request } = JSON.parse(process.argv[2] ?? '');
const { kind, ...rest } = await createSend()({ ...request, url: new URL(url) });
const { status, failure, detail } = { status: undefined, failure: undefined, detail: undefined, ...rest };
process.stdout.write(JSON.stringify({ kind, status, failure, detail }));
