import { ServiceError } from '../../errors.ts';
import { type Fields, isFields, namesPrototype, readJson } from '../../json.ts';
import { MAX_BODY_BYTES, MAX_ENVELOPES } from '../../limits.ts';
import { isHttpRequest, looksLikeHttp } from './http-marks.ts';

/** What carries one message: what tells it apart, and what is in it, as text, bytes or JSON. */
interface Envelope {
  readonly matches: (fields: Fields) => boolean;
  readonly content: (fields: Fields) => unknown;
}

/**
 * The first that matches decides. Facts: the records that EventBridge Pipes hands over, one for each message, and the
 * documented messages of SNS, EventBridge and CloudEvents 1.0, which may be in any of them.
 */
const ENVELOPES: readonly Envelope[] = [
  { matches: isOf('aws:sqs'), content: ({ body }) => body },
  { matches: isOf('aws:kinesis', 'aws:mq', 'aws:amq', 'aws:rmq'), content: ({ data }) => fromBase64(data) },
  { matches: isOf('aws:kafka', 'SelfManagedKafka'), content: ({ value }) => fromBase64(value) },
  { matches: ({ eventSource }) => typeof eventSource === 'string', content: refuse },
  { matches: ({ Type }) => Type === 'Notification', content: ({ Message }) => Message },
  { matches: isOfBus, content: ({ detail }) => detail },
  { matches: isCloudEvent, content: dataOf },
];

export function isOfBus(event: Fields): boolean {
  return 'detail-type' in event && 'detail' in event;
}

export function isCloudEvent(event: Fields): boolean {
  return event.specversion === '1.0' && ('data' in event || 'data_base64' in event);
}

/**
 * The body of the one request that something carries, whatever envelopes are around it.
 *
 * @throws {ServiceError} `length-missing` for nothing, `body-not-json` (for a member named `__proto__` too),
 *   `body-too-long` for text of more than 16 KiB that is no envelope, `format-invalid` for what looks like an HTTP
 *   request and for envelopes that are not known
 */
export function unwrap(carried: unknown, depth = 0): unknown {
  if (carried === undefined || carried === null) throw new ServiceError('length-missing');
  const isText = typeof carried === 'string' || Buffer.isBuffer(carried);
  if (isText && carried.length === 0) throw new ServiceError('length-missing');
  const isTooLong = isText && Buffer.byteLength(carried) > MAX_BODY_BYTES;
  const value = isText ? parse(carried, isTooLong) : carried;
  const content = contentOf(value);
  if (content !== undefined) return depth === MAX_ENVELOPES ? refuse() : unwrap(content(), depth + 1);
  if (isTooLong) throw new ServiceError('body-too-long');
  if (isFields(value) && looksLikeHttp(value)) throw new ServiceError('format-invalid', { reason: 'http-in-event' });
  // An HTTP body's parser refuses it by itself.
  if (namesPrototype(value)) throw new ServiceError('body-not-json');
  return value;
}

function parse(text: string | Buffer, isTooLong: boolean): unknown {
  try {
    return readJson(text);
  } catch (error) {
    throw isTooLong ? new ServiceError('body-too-long') : error;
  }
}

/** What is in an envelope. What names a length is the request itself, and what came by HTTP is in no envelope. */
function contentOf(value: unknown): (() => unknown) | undefined {
  if (!isFields(value) || 'random_data_length' in value || isHttpRequest(value)) return undefined;
  const envelope = ENVELOPES.find(({ matches }) => matches(value));
  return envelope && (() => envelope.content(value));
}

function isOf(...sources: readonly string[]): Envelope['matches'] {
  return ({ eventSource }) => sources.some((source) => source === eventSource);
}

function refuse(): never {
  throw new ServiceError('format-invalid', { reason: 'unsupported-envelope' });
}

/** CloudEvents JSON format §3.1.1: an event has one of the two members. */
function dataOf(event: Fields): unknown {
  if (!('data_base64' in event)) return event.data;
  if ('data' in event) throw new ServiceError('format-invalid', { reason: 'not-one-cloudevent' });
  return fromBase64(event.data_base64);
}

/** A pipe's input template may have decoded it already. */
function fromBase64(content: unknown): unknown {
  if (typeof content !== 'string') return content;
  if (!/^[0-9A-Za-z+/]*={0,2}$/.test(content)) throw new ServiceError('body-not-json', { reason: 'body-not-base64' });
  return Buffer.from(content, 'base64');
}
