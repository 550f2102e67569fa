import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

const headers = cors({
  origin: '*',
  allowHeaders: ['Authorization', 'Content-Type', 'Polar-Version'],
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  maxAge: 600,
});

/** Lets a page of any origin read an answer; every answer of the API has it. */
export const ANY_ORIGIN = { 'access-control-allow-origin': '*' } as const;

/** Lets any origin call, without credentials. An OPTIONS that is no preflight is a request like another. */
export const preflight: MiddlewareHandler = async (c, next) => {
  const isPreflight =
    c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
  return isPreflight ? await headers(c, next) : await next();
};
