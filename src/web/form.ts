import type { Context } from 'hono';
import { sendPage } from './layout.ts';
import { messagePage } from './message.ts';

/** How many bytes a form has at most. */
export const LARGEST_FORM = 16_384;

/** The fields of a form as browsers send it, or the page that says that the body is none. */
export async function readForm(c: Context): Promise<URLSearchParams | Response> {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    const page = messagePage('This is no form', 'Go back to the link in your mail and try again.');
    return await sendPage(c, page, 415);
  }
  return new URLSearchParams(await c.req.text());
}

/** The answer to a form that is longer than any of ours. */
export async function tooLargePage(c: Context): Promise<Response> {
  // The rest of the body is not read, so that no other request can follow it.
  const page = messagePage('This is too much', 'Go back to the link in your mail and try again.');
  return await sendPage(c, page, 413, { connection: 'close' });
}

/** Answers whatever method came besides those that a page has. */
export function onlyFor(methods: readonly string[]): (c: Context) => Promise<Response> {
  const page = messagePage('This page is for reading', 'Open it in a browser.');
  return async c => await sendPage(c, page, 405, { allow: methods.join(', ') });
}
