import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { Context } from 'aws-lambda';
import { authorise } from '../auth/authorise.ts';
import type { Authenticate } from '../auth/judge-credential.ts';
import type { DrawEntropy } from '../entropy/draw.ts';
import { parseGenerateCommand } from '../gen-random/command.ts';
import { type Generated, generate } from '../gen-random/generate.ts';
import type { WriteAuditLine } from '../telemetry/audit-line.ts';
import { authenticate } from './authenticate.ts';
import { type ErrorReplyOptions, failure } from './failure.ts';
import type { Exchange, HttpEvent, HttpReply, Middleware } from './http-request.ts';
import { limitRate } from './rate-limit.ts';
import { replyHeaders } from './reply-headers.ts';
import { requireJson } from './require-json.ts';
import { route } from './route.ts';
import { audit } from './write-audit-line.ts';

export interface PipelineOptions {
  readonly writeAuditLine: WriteAuditLine;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  readonly errors: ErrorReplyOptions;
  readonly authenticate: Authenticate;
  /** Role names of which a principal needs one; undefined: any. */
  readonly allowedRoles: ReadonlySet<string> | undefined;
  readonly draw: DrawEntropy;
  /** Requests per second of one principal; undefined: no limit. */
  readonly rateLimitPerSecond?: number | undefined;
}

/** Answers one gen-random request. Never throws for anything that a client can send. */
export type Pipeline = (event: HttpEvent) => Promise<HttpReply>;

// middy's types ask for Lambda's context; with the early timeout off it looks at nothing in it.
const NO_CONTEXT = {} as Context;

export function createPipeline(options: PipelineOptions): Pipeline {
  const chain = middy<HttpEvent, HttpReply>({ timeoutEarlyInMillis: 0 })
    .use([
      audit(options.writeAuditLine, options.monotonicMs), // first in, last out: its line is written when everything is known
      route(), // what is not ours is refused before anybody is asked about it
      authenticate(options.authenticate), // nobody unknown makes the service parse a body or draw a byte
      authoriseProject(options.allowedRoles), // judged here and not in the verdict, which may come from a cache
      ...(options.rateLimitPerSecond === undefined ? [] : [limitRate(options.rateLimitPerSecond, options.monotonicMs)]), // counts who is known and may draw, nobody else
      requireJson(), // the parser's own ideas of a content type and of UTF-8 are not the contract's
      httpJsonBodyParser({ disableContentTypeCheck: true }), // refuses members named `__proto__`, and `constructor` with a `prototype`
      httpErrorHandler({ logger: false }), // its default logger would write the body, found in an error's cause
      failure(options.errors), // last in, first out: gives the error handler a row of the catalogue to write
    ])
    .handler((event: HttpEvent) => respond(event, options.draw));
  return (event) => chain(event, NO_CONTEXT);
}

function authoriseProject(allowedRoles: ReadonlySet<string> | undefined): Middleware {
  return {
    before({ event: { trail } }: Exchange) {
      if (trail.principal === undefined || trail.projectId === undefined) throw new TypeError('nobody authenticated');
      authorise(trail.principal, trail.projectId, allowedRoles);
    },
  };
}

function respond(event: HttpEvent, draw: DrawEntropy): HttpReply | Promise<HttpReply> {
  const { trail, remainingMs } = event;
  const command = parseGenerateCommand(event.body);
  trail.bitLength = command.bitLength;
  trail.sequence = command.sequence;
  const generated = generate(command, draw, remainingMs?.());
  return generated instanceof Promise ? generated.then((late) => toReply(event, late)) : toReply(event, generated);
}

function toReply({ trail, requestId }: HttpEvent, { reply, sources, omitted }: Generated): HttpReply {
  trail.sources = sources;
  trail.omitted = omitted;
  const headers = replyHeaders(requestId);
  if (omitted.length > 0) headers['X-Entropy-Degraded'] = omitted.join(',');
  return { statusCode: 200, headers, body: JSON.stringify(reply) };
}
