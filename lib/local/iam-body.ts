import type { IncomingMessage } from 'node:http';
import { IamRefusal } from './iam-refusal.ts';

/** Huawei's IAM refuses a longer one (IAM.1101). */
const MAX_BODY_BYTES = 32 * 1024;
/** Read and thrown away so that the client gets its answer and no reset; who sends more is cut off. */
const MAX_DISCARDED_BYTES = 1024 * 1024;

/** @throws {IamRefusal} `body.invalid` for another content type than JSON, `body.too-long` over 32 KiB. */
export async function receiveJson(request: IncomingMessage): Promise<Buffer> {
  const body = await receiveBody(request);
  if (!isJson(request.headers['content-type'])) throw new IamRefusal('body.invalid');
  return body;
}

/** @throws {IamRefusal} `body.too-long` over 32 KiB. */
export async function receiveBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    if (bytes > MAX_DISCARDED_BYTES) break;
  }
  if (bytes > MAX_BODY_BYTES) throw new IamRefusal('body.too-long');
  return Buffer.concat(chunks);
}

// Demanded for a second reason: a page of another origin cannot send this type without asking the browser first.
function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
