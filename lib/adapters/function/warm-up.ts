import { isFields } from '../../json.ts';

/** Members of which one is in whatever asks for bytes. */
const OF_A_REQUEST = ['random_data_length', 'requestContext', 'detail'];

/**
 * Whether an event does nothing but keep the function warm: `{"source":"serverless-plugin-warmup"}` of that plugin or
 * `{"warmer":true}` of lambda-warmer, whatever else is in it.
 */
export function isWarmUp(event: unknown): boolean {
  if (!isFields(event) || OF_A_REQUEST.some((name) => name in event)) return false;
  return event.warmer === true || event.source === 'serverless-plugin-warmup';
}
