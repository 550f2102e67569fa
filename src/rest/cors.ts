import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

const headers = cors({
  origin: '*',
  allowHeaders: ['Authorization', 'Content-Type', 'Polar-Version'],
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  maxAge: 600,
});

/** Lets any origin call, without credentials. An OPTIONS that is no preflight is a request like another. */
export const anyOrigin: MiddlewareHandler = async (c, next) => {
  const isPlainOptions =
    c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') === undefined;
  return isPlainOptions ? await next() : await headers(c, next);
};
