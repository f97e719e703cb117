import { writeSync } from 'node:fs';
import { handler } from '../../handlers/http.ts';
import { PROJECT_ID } from './contract.ts';

// A process of its own: invokes the HTTP function once, as Lambda does, and writes its answer to descriptor 3.

const event = {
  version: '2.0',
  rawPath: `/v1.0/${PROJECT_ID}/kms/gen-random`,
  headers: { 'content-type': 'application/json', 'x-auth-token': process.env.TOKEN },
  requestContext: { http: { method: 'POST' }, requestId: '1' },
  body: '{"random_data_length":"8"}',
};
writeSync(3, JSON.stringify(await handler(event, {})));
