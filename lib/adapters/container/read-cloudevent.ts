import { isUtf8 } from 'node:buffer';
import { ServiceError } from '../../errors.ts';
import { type Fields, isFields, readJson } from '../../json.ts';
import { MAX_EVENT_ID_CHARACTERS } from '../../limits.ts';

/** One event as it is given to the event function. */
export interface ReceivedEvent {
  readonly id: string;
  /** Version and data of it; an extension, whatever its name, goes no further. */
  readonly event: Fields;
}

const STRUCTURED = 'application/cloudevents+json';
const ATTRIBUTE_NAME = /^[a-z0-9]+$/;

/**
 * Reads one event of CloudEvents 1.0 from an HTTP request, structured or binary (HTTP protocol binding §3). By hand:
 * the SDK compares content types by letter, lets a `ce-data_base64` header replace the body, decodes no percent signs,
 * and an extension that is named like one of its methods shadows it.
 *
 * @param rawHeaders names and values in turns, as Node has them
 * @throws {ServiceError} `format-invalid` for what is no single event, `body-not-json` for a structured event that is
 *   no JSON in UTF-8; the data is not looked at
 */
export function readCloudEvent(rawHeaders: readonly string[], body: Buffer): ReceivedEvent {
  const headers = pairsOf(rawHeaders);
  const [contentType = '', second] = headers.filter(([name]) => name === 'content-type').map(([, value]) => value);
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (second !== undefined) refuse();
  if (mediaType === STRUCTURED) return structured(readJson(body));
  // Another format, or a batch.
  if (mediaType.startsWith('application/cloudevents')) refuse();
  return binary(headers, body);
}

type Header = readonly [name: string, value: string];

function pairsOf(rawHeaders: readonly string[]): readonly Header[] {
  const headers: Header[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index]?.toLowerCase() ?? '', rawHeaders[index + 1] ?? '']);
  }
  return headers;
}

function structured(event: unknown): ReceivedEvent {
  if (!isFields(event)) refuse();
  const { data, data_base64: encoded, ...attributes } = event;
  for (const [name, value] of Object.entries(attributes)) {
    if (!ATTRIBUTE_NAME.test(name) || (typeof value === 'object' && value !== null)) refuse();
  }
  const content = 'data_base64' in event ? { ...('data' in event && { data }), data_base64: encoded } : { data };
  return received(new Map(Object.entries(attributes)), content);
}

function binary(headers: readonly Header[], data: Buffer): ReceivedEvent {
  const attributes = new Map<string, unknown>();
  for (const [header, value] of headers) {
    if (!header.startsWith('ce-')) continue;
    const name = header.slice('ce-'.length);
    if (!ATTRIBUTE_NAME.test(name) || attributes.has(name)) refuse();
    attributes.set(name, decoded(value));
  }
  return received(attributes, { data });
}

function received(attributes: ReadonlyMap<string, unknown>, content: Fields): ReceivedEvent {
  const [id, source, type] = ['id', 'source', 'type'].map((name) => attributes.get(name));
  if (attributes.get('specversion') !== '1.0' || !isFilled(id) || !isFilled(source) || !isFilled(type)) refuse();
  if (id.length > MAX_EVENT_ID_CHARACTERS) refuse();
  return { id, event: { specversion: '1.0', ...content } };
}

/** §3.1.3.2: quotes are taken off, then one round of percent-decoding; what is no UTF-8 then is refused. */
function decoded(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
  const text = quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1');
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) refuse();
  const bytes = Buffer.from(
    text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return isUtf8(bytes) ? bytes.toString('utf8') : refuse();
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function refuse(): never {
  throw new ServiceError('format-invalid', { reason: 'not-one-cloudevent' });
}
