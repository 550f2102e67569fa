import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/** Headers that let pages of any origin read a response. All responses of both APIs have them. */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
} as const;

const headers = cors({
  origin: '*',
  // Empty, which allows all requested headers.
  allowHeaders: [],
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  maxAge: 600,
});

/** Answers preflight requests: any origin may send requests, without credentials. Other OPTIONS requests pass. */
export const preflight: MiddlewareHandler = async (c, next) => {
  const isPreflight =
    c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
  return isPreflight ? await headers(c, next) : await next();
};

/** Adds `ANY_ORIGIN` to all responses. */
export const anyOrigin: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(ANY_ORIGIN)) c.res.headers.set(name, value);
};
