import { setImmediate } from 'node:timers/promises';
import { CATALOGUE, catalogueRow, type ErrorKey, toServiceError } from '../../errors.ts';
import { parseGenerateCommand } from '../../gen-random/command.ts';
import type { GenerateReply } from '../../gen-random/generate.ts';
import { EVENTS_PER_TURN, MAX_BIT_LENGTH, MAX_EVENT_REPLY_BYTES } from '../../limits.ts';
import type { EventRequest } from './event-request.ts';

/** What stands in the place of a request of a list that failed, as in an HTTP answer. */
export interface EventError {
  readonly error: { readonly error_code: string; readonly error_msg: string };
}

export function toEventError(key: ErrorKey): EventError {
  const { code, message } = catalogueRow(key);
  return { error: { error_code: code, error_msg: message } };
}

const KEYS = Object.keys(CATALOGUE) as ErrorKey[];
const LONGEST_ERROR_BYTES = Math.max(...KEYS.map(errorBytes));
const LONGEST_REPLY_BYTES = replyBytes(MAX_BIT_LENGTH);

/**
 * Whether the list that answers these requests may be longer, as JSON, than what a platform returns. A draw that may
 * still fail counts as the longer of its two answers.
 */
export async function mayBeTooLong(requests: readonly EventRequest[]): Promise<boolean> {
  if (requests.length * (LONGEST_REPLY_BYTES + 1) < MAX_EVENT_REPLY_BYTES) return false;
  // A comma or a bracket behind each, and a bracket in front.
  let bytes = 1;
  for (const [index, request] of requests.entries()) {
    bytes += answerBytes(request) + 1;
    if (index % EVENTS_PER_TURN === 0) await setImmediate();
  }
  return bytes > MAX_EVENT_REPLY_BYTES;
}

function answerBytes(request: EventRequest): number {
  try {
    return Math.max(replyBytes(parseGenerateCommand(request()).bitLength), LONGEST_ERROR_BYTES);
  } catch (error) {
    return errorBytes(toServiceError(error).key);
  }
}

/** Four bits are one character. */
function replyBytes(bitLength: number): number {
  const empty: GenerateReply = { random_data: '' };
  return JSON.stringify(empty).length + bitLength / 4;
}

function errorBytes(key: ErrorKey): number {
  return JSON.stringify(toEventError(key)).length;
}
