import type { Context } from 'hono';
import type { Actor } from '../auth/actor.ts';
import type { Ctx } from '../context.ts';
import { Unauthenticated } from '../domain/errors.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import { matches } from '../http/without-slash.ts';
import type { Exchange } from '../rate-limits/rate-limits.ts';
import { BadRequest, json, UnreadableBody } from './errors.ts';
import { readJsonBody } from './json-body.ts';
import type { Operation } from './openapi/operation.ts';
import { malformedJson } from './validation.ts';

/** What every handler finds in Hono's context. */
export interface AppEnv {
  Bindings: Partial<Exchange>;
  Variables: { ctx: Ctx };
}

/** One endpoint. A resource lists its own in the reference's order, which `Allow` depends on. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** What the API's description says of it. */
  docs: Operation;
  handler: (c: Context<AppEnv>) => Promise<Response>;
}

/**
 * The answer to a request that no route takes: 405 with the method of the first route on this path,
 * 307 where the path has a slash too many or too few, else 404.
 */
export function answerUnrouted(routes: readonly Route[], request: Request): Response {
  const url = new URL(request.url);
  const onPath = routes.find(route => matches(route.path, url.pathname));
  if (onPath) return json({ detail: 'Method Not Allowed' }, 405, { allow: onPath.method });
  const toggled = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : `${url.pathname}/`;
  if (routes.some(route => matches(route.path, toggled))) {
    return new Response(null, {
      status: 307,
      headers: {
        // Relative: a proxy in front may have another scheme and another host.
        location: toggled + url.search,
        'content-length': '0',
        'cache-control': 'private, no-store',
        ...ANY_ORIGIN,
      },
    });
  }
  return notFound();
}

/** The answer to a path that is no endpoint's. */
export function notFound(): Response {
  return json({ detail: 'Not Found' }, 404);
}

/** The context of a caller of the admin endpoints; Unauthenticated for everybody else, sessions too. */
export function adminCtx(c: Context<AppEnv>): Ctx {
  return ctxOf(c, ['organization', 'user']);
}

/** The context of a caller of the portal endpoints; Unauthenticated for everybody else, access tokens too. */
export function portalCtx(c: Context<AppEnv>): Ctx {
  return ctxOf(c, ['customer', 'member']);
}

function ctxOf(c: Context<AppEnv>, kinds: readonly Actor['kind'][]): Ctx {
  const ctx = c.get('ctx');
  if (!kinds.includes(ctx.actor.kind)) throw new Unauthenticated();
  return ctx;
}

/**
 * The request's body: a JSON value, the text where its content type is another, undefined where there is none.
 * Throws RequestValidationError for malformed JSON, which the reference notices before it asks who is calling.
 */
export async function readBody(c: Context<AppEnv>): Promise<unknown> {
  const bytes = new Uint8Array(await c.req.arrayBuffer().catch(refuseCutBody));
  const body = readJsonBody(bytes, c.req.header('content-type'));
  switch (body.kind) {
    case 'json':
      return body.value;
    case 'text':
      return body.text;
    case 'missing':
      return undefined;
    case 'malformed':
      throw malformedJson(body.reason, body.offset);
    case 'unreadable':
      throw new UnreadableBody();
  }
}

/** The client went away while it was sending: nobody is there to answer, and nothing went wrong here. */
function refuseCutBody(): never {
  throw new BadRequest('The connection ended before the whole body had arrived.');
}
