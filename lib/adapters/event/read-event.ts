import { type Fields, isFields, member, parseJson } from '../../json.ts';
import { type EventRequests, requestOf, UnsupportedTriggerError } from './event-request.ts';

/** A shape that some trigger sends: what tells it apart, and where its requests are. */
interface Shape {
  readonly trigger: string;
  readonly matches: (event: Fields) => boolean;
  readonly requests: (event: Fields) => readonly unknown[];
  /** A list is answered by a list; a topic's list, always of one, is answered like the one that is in it. */
  readonly isList?: true;
}

/** The first that matches decides. Facts: AWS Lambda's and FunctionGraph's documented events; samples are in `events/`. */
const SHAPES: readonly Shape[] = [
  {
    trigger: 'direct',
    matches: (event) => Object.keys(event).every((key) => key === 'sequence') || 'random_data_length' in event,
    requests: (event) => [event],
  },
  {
    trigger: 'sns',
    matches: (event) => records(event, 'Records').some((record) => isFields(record.Sns)),
    requests: (event) => asList(event.Records).map((record) => member(member(record, 'Sns'), 'Message')),
  },
  {
    trigger: 'eventbridge',
    matches: (event) => 'detail-type' in event && 'detail' in event,
    requests: (event) => [event.detail],
  },
  {
    trigger: 'functiongraph-timer',
    matches: (event) => event.trigger_type === 'TIMER',
    requests: (event) => [event.user_event],
  },
  {
    trigger: 'functiongraph-smn',
    matches: (event) => records(event, 'record').some((record) => isFields(record.smn)),
    requests: (event) => asList(event.record).map((record) => member(member(record, 'smn'), 'message')),
  },
  {
    trigger: 'functiongraph-kafka',
    matches: (event) => event.trigger_type === 'KAFKA',
    requests: (event) => asList(event.records).flatMap((record) => asList(member(record, 'messages'))),
    isList: true,
  },
  {
    trigger: 'cloudevents',
    matches: (event) => event.specversion === '1.0' && 'data' in event,
    requests: (event) => [event.data],
  },
];

/** Triggers that are known and not served, each with its reason. */
const REFUSED: readonly { readonly matches: (event: Fields) => boolean; readonly reason: string }[] = [
  {
    matches: (event) => records(event, 'Records').some((record) => record.eventSource === 'aws:sqs'),
    reason:
      'an SQS event source mapping has nowhere to return a result; make this function the enrichment of an EventBridge pipe (deploy/pipes.yml)',
  },
  {
    matches: (event) => 'httpMethod' in event || ('requestContext' in event && 'headers' in event),
    reason:
      'an HTTP request needs a token, which this function does not check; deploy the function of handlers/http.ts for it',
  },
];

/**
 * Finds the requests in an event.
 *
 * @throws {UnsupportedTriggerError} for every other shape; its message names top-level keys and no values
 */
export function readEvent(delivered: unknown): EventRequests {
  const event = typeof delivered === 'string' || Buffer.isBuffer(delivered) ? parseJson(delivered) : delivered;
  if (Array.isArray(event)) return { trigger: 'batch', requests: event.map((item) => requestOf(fromQueue(item))) };
  if (!isFields(event))
    throw new UnsupportedTriggerError('not an event of a known trigger: neither an object nor a list');
  const refused = REFUSED.find(({ matches }) => matches(event));
  if (refused !== undefined) throw new UnsupportedTriggerError(refused.reason);
  const shape = SHAPES.find(({ matches }) => matches(event));
  if (shape === undefined) {
    const keys = Object.keys(event).slice(0, 20).join(', ') || 'none';
    throw new UnsupportedTriggerError(`not an event of a known trigger; top-level keys: ${keys}`);
  }
  const requests = shape.requests(event).map(requestOf);
  const [only, second] = requests;
  const isList = shape.isList || only === undefined || second !== undefined;
  return { trigger: shape.trigger, requests: isList ? requests : only };
}

/** A pipe hands the messages of a queue over as they are; the request is in their body. */
function fromQueue(item: unknown): unknown {
  return isFields(item) && item.eventSource === 'aws:sqs' ? item.body : item;
}

function records(event: Fields, name: string): readonly Fields[] {
  return asList(event[name]).filter(isFields);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
