import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { Context } from 'aws-lambda';
import { authorise } from '../auth/authorise.ts';
import type { JudgeCredential } from '../auth/judge-credential.ts';
import type { DrawEntropy } from '../entropy/draw.ts';
import { type GenerateReply, generate } from '../gen-random/generate.ts';
import type { Trail, WriteAuditLine } from '../telemetry/audit-line.ts';
import { authenticate } from './authenticate.ts';
import { type ErrorReplyOptions, failure } from './failure.ts';
import type { HttpReply, HttpRequest } from './http-request.ts';
import type { Exchange, Middleware } from './middleware.ts';
import { limitRate } from './rate-limit.ts';
import { replyHeaders } from './reply-headers.ts';
import { requireJson } from './require-json.ts';
import { route } from './route.ts';
import { writeAuditLineOf } from './write-audit-line.ts';

export interface PipelineOptions {
  readonly writeAuditLine: WriteAuditLine;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  readonly errors: ErrorReplyOptions;
  readonly judge: JudgeCredential;
  /** Role names of which a principal needs one; undefined: any. */
  readonly allowedRoles: ReadonlySet<string> | undefined;
  readonly draw: DrawEntropy;
  /** Requests per second of one principal; undefined: no limit. */
  readonly rateLimitPerSecond?: number | undefined;
}

/** Answers one gen-random request. Never throws for anything that a client can send. */
export type Pipeline = (request: HttpRequest) => Promise<HttpReply>;

// middy's types ask for Lambda's context; with the early timeout off it looks at nothing in it.
const NO_CONTEXT = {} as Context;

export function createPipeline(options: PipelineOptions): Pipeline {
  const chain = middy<HttpRequest, HttpReply>({ timeoutEarlyInMillis: 0 })
    .use([
      writeAuditLineOf(options.writeAuditLine, options.monotonicMs), // first in, last out: everything is known by then
      route(), // what is not ours is refused before anybody is asked about it
      authenticate(options.judge, options.monotonicMs), // nobody unknown makes the service parse a body or draw a byte
      authoriseProject(options.allowedRoles), // judged here and not in the verdict, which may come from a cache
      ...rateLimit(options), // counts who is known and may draw, nobody else
      requireJson(), // the parser's own ideas of a content type and of UTF-8 are not the contract's
      httpJsonBodyParser({ disableContentTypeCheck: true }), // refuses `__proto__`, and `constructor` with `prototype`
      httpErrorHandler({ logger: false }), // its default logger would write the body, found in an error's cause
      failure(options.errors), // last in, first out: gives the error handler a row of the catalogue to write
    ])
    .handler((request: HttpRequest) => respond(request, options));
  return (request) => chain(request, NO_CONTEXT);
}

function authoriseProject(allowedRoles: ReadonlySet<string> | undefined): Middleware {
  return {
    before({ event: { trail } }: Exchange) {
      if (trail.principal === undefined || trail.projectId === undefined) throw new TypeError('nobody authenticated');
      authorise(trail.principal, trail.projectId, allowedRoles);
    },
  };
}

function rateLimit({ rateLimitPerSecond, monotonicMs }: PipelineOptions): readonly Middleware[] {
  return rateLimitPerSecond === undefined ? [] : [limitRate(rateLimitPerSecond, monotonicMs)];
}

function respond(request: HttpRequest, { draw, monotonicMs }: PipelineOptions): HttpReply | Promise<HttpReply> {
  const { body, trail, remainingMs } = request;
  const reply = generate(body, { draw, trail, monotonicMs, remainingMs: remainingMs?.() });
  return reply instanceof Promise ? reply.then((late) => toReply(late, trail)) : toReply(reply, trail);
}

function toReply(reply: GenerateReply, { requestId, omitted = [] }: Trail): HttpReply {
  const headers = replyHeaders(requestId);
  if (omitted.length > 0) headers['X-Entropy-Degraded'] = omitted.join(',');
  return { statusCode: 200, headers, body: JSON.stringify(reply) };
}
