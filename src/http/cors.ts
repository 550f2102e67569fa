import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/** Lets a page of any origin read an answer and all its headers; every answer of both APIs has it. */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
} as const;

const headers = cors({
  origin: '*',
  // None by name: whichever headers a client asks for are allowed.
  allowHeaders: [],
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  maxAge: 600,
});

/** Lets any origin call, without credentials. An OPTIONS that is no preflight is a request like another. */
export const preflight: MiddlewareHandler = async (c, next) => {
  const isPreflight =
    c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
  return isPreflight ? await headers(c, next) : await next();
};

/** Lets a page of any origin read whatever the answer is. */
export const anyOrigin: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(ANY_ORIGIN)) c.res.headers.set(name, value);
};
