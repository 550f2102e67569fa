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

/** Type of Hono's context in all handlers. */
export interface AppEnv {
  Bindings: Partial<Exchange>;
  Variables: {
    ctx: Ctx;
    /** Logs an unexpected error. Returns the message for the client if the database was too busy, otherwise undefined. */
    report: (error: Error) => string | undefined;
  };
}

/** An endpoint. The endpoints of a resource are in the reference's order, which determines `Allow`. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** Its OpenAPI description. */
  docs: Operation;
  handler: (c: Context<AppEnv>) => Promise<Response>;
}

/**
 * Returns the response to an unrouted request: 405 with the method of the first route on this path, 307 if the path differs
 * from a route by its trailing slash, otherwise 404.
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
        // Relative, because a proxy may have another scheme and host.
        location: toggled + url.search,
        'content-length': '0',
        'cache-control': 'private, no-store',
        ...ANY_ORIGIN,
      },
    });
  }
  return notFound();
}

/** Returns the response to an unknown path. */
export function notFound(): Response {
  return json({ detail: 'Not Found' }, 404);
}

/** Returns the context of a caller of the admin endpoints. Throws Unauthenticated for anonymous callers and sessions. */
export function adminCtx(c: Context<AppEnv>): Ctx {
  return ctxOf(c, ['organization', 'user']);
}

/**
 * Returns the context of a caller of the portal endpoints. Throws Unauthenticated for anonymous callers and access tokens.
 */
export function portalCtx(c: Context<AppEnv>): Ctx {
  return ctxOf(c, ['customer', 'member']);
}

function ctxOf(c: Context<AppEnv>, kinds: readonly Actor['kind'][]): Ctx {
  const ctx = c.get('ctx');
  if (!kinds.includes(ctx.actor.kind)) throw new Unauthenticated();
  return ctx;
}

/**
 * Returns the request's body: a JSON value, the text if the content type is not JSON, or undefined if it is empty. Throws
 * RequestValidationError for malformed JSON, which the reference reports before it authenticates the caller.
 */
export async function readBody(c: Context<AppEnv>): Promise<unknown> {
  const bytes = new Uint8Array(await c.req.arrayBuffer().catch(throwIncompleteBody));
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

/** Throws BadRequest for a client that disconnected while it was sending the body. This is not an error of the server. */
export function throwIncompleteBody(): never {
  throw new BadRequest('The connection ended before the whole body had arrived.');
}
