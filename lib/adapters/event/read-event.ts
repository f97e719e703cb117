import { type Fields, isFields, member, memberNames } from '../../json.ts';
import { type EventRequests, UnsupportedTriggerError } from './event-request.ts';
import { isHttpRequest, looksLikeHttp } from './http-marks.ts';
import { isCloudEvent, isOfBus, unwrap } from './unwrap.ts';

/** A shape that some trigger sends: what tells it apart, and what it carries, in which the requests are. */
interface Shape {
  readonly trigger: string;
  readonly matches: (event: Fields) => boolean;
  readonly carried: (event: Fields) => readonly unknown[];
  /** A list is answered by a list; a topic's list, always of one, is answered like the one that is in it. */
  readonly isList?: true;
}

const DIRECT: Shape = {
  trigger: 'direct',
  matches: (event) => 'random_data_length' in event || Object.keys(event).every((key) => key === 'sequence'),
  carried: (event) => [event],
};

/**
 * The first that matches decides. Facts: AWS Lambda's and FunctionGraph's documented events; samples are in `events/`.
 */
const SHAPES: readonly Shape[] = [
  DIRECT,
  {
    trigger: 'sns',
    matches: (event) => records(event, 'Records').some((record) => isFields(record.Sns)),
    carried: (event) => asList(event.Records).map((record) => member(member(record, 'Sns'), 'Message')),
  },
  { trigger: 'eventbridge', matches: isOfBus, carried: (event) => [event] },
  {
    trigger: 'functiongraph-timer',
    matches: (event) => event.trigger_type === 'TIMER',
    carried: (event) => [event.user_event],
  },
  {
    trigger: 'functiongraph-smn',
    matches: (event) => records(event, 'record').some((record) => isFields(record.smn)),
    carried: (event) => asList(event.record).map((record) => member(member(record, 'smn'), 'message')),
  },
  {
    trigger: 'functiongraph-kafka',
    matches: (event) => event.trigger_type === 'KAFKA',
    carried: (event) => asList(event.records).flatMap((record) => asList(member(record, 'messages'))),
    isList: true,
  },
  { trigger: 'cloudevents', matches: isCloudEvent, carried: (event) => [event] },
];

const SQS_MAPPING =
  'an SQS event source mapping has nowhere to return a result; ' +
  'make this function the enrichment of an EventBridge pipe (deploy/pipes.yml)';
const HTTP =
  'an HTTP request needs a token, which this function does not check; deploy the function of handlers/http.ts for it';

/**
 * Finds the requests in an event.
 *
 * @param event parsed
 * @throws {UnsupportedTriggerError} for every other shape; its message names top-level keys and no values
 */
export function readEvent(event: unknown): EventRequests {
  if (Array.isArray(event)) return { trigger: 'batch', requests: event.map((item) => () => unwrap(item)) };
  if (!isFields(event)) {
    throw new UnsupportedTriggerError('not an event of a known trigger: neither an object nor a list');
  }
  const { trigger, carried, isList } = shapeOf(event);
  const requests = carried(event).map((each) => () => unwrap(each));
  const [only, second] = requests;
  return { trigger, requests: isList || only === undefined || second !== undefined ? requests : only };
}

function shapeOf(event: Fields): Shape {
  if (isHttpRequest(event)) throw new UnsupportedTriggerError(HTTP);
  if (records(event, 'Records').some((record) => record.eventSource === 'aws:sqs')) {
    throw new UnsupportedTriggerError(SQS_MAPPING);
  }
  const shape = SHAPES.find(({ matches }) => matches(event));
  if (shape !== undefined && shape !== DIRECT) return shape;
  if (looksLikeHttp(event)) throw new UnsupportedTriggerError(HTTP);
  if (shape === DIRECT) return DIRECT;
  const keys = memberNames(event) || 'none';
  throw new UnsupportedTriggerError(`not an event of a known trigger; top-level keys: ${keys}`);
}

function records(event: Fields, name: string): readonly Fields[] {
  return asList(event[name]).filter(isFields);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
