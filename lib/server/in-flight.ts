import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Listener } from './listener.ts';

export interface InFlightOptions {
  /** Requests at work at once; one more is refused rather than queued without bound. */
  readonly limit: number;
  readonly refuse: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface InFlight {
  readonly listener: Listener;
  /** Requests at work now. */
  readonly count: () => number;
}

/** Sheds load: beyond the limit a request is refused at once, and those that are at work stay fast. */
export function limitInFlight(next: Listener, { limit, refuse }: InFlightOptions): InFlight {
  let count = 0;
  const listener: Listener = (request, response) => {
    if (count >= limit) {
      request.resume();
      refuse(request, response);
      return;
    }
    count += 1;
    response.on('close', () => {
      count -= 1;
    });
    next(request, response);
  };
  return { listener, count: () => count };
}
