import type { Context } from 'hono';
import { wantsPage } from '../http/accept.ts';
import { sendPage } from './layout.ts';
import { messagePage } from './message.ts';

/** Returns the 404 page for a browser; undefined for a program and for paths of the vendors' API. */
export function notFoundPage(c: Context): Promise<Response> | undefined {
  const isForPeople = wantsPage(c.req.header('accept')) && !/^\/v1(?:\/|$)/.test(c.req.path);
  return isForPeople ? sendPage(c, NOT_FOUND, 404) : undefined;
}

const NOT_FOUND = messagePage(
  'There is nothing here',
  'Check that you copied the whole address. If a mail led you here, use the link in the newest one.',
);
