import type { Context } from 'hono';
import { sendPage } from './layout.ts';
import { messagePage } from './message.ts';

/** Largest size of a form in bytes. */
export const LARGEST_FORM = 16_384;

/** Returns the fields of a URL-encoded form, or an error page for another content type. */
export async function readForm(c: Context): Promise<URLSearchParams | Response> {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    const page = messagePage('This is no form', 'Go back to the link in your mail and try again.');
    return await sendPage(c, page, 415);
  }
  return new URLSearchParams(await c.req.text());
}

/** Returns the response to a form that is too large. */
export async function tooLargePage(c: Context): Promise<Response> {
  // The rest of the body is not read, so the connection cannot be reused.
  const page = messagePage('This is too much', 'Go back to the link in your mail and try again.');
  return await sendPage(c, page, 413, { connection: 'close' });
}

/** Returns a handler that answers 405 to methods that a page does not support. */
export function onlyFor(methods: readonly string[]): (c: Context) => Promise<Response> {
  const page = messagePage('This page is for reading', 'Open it in a browser.');
  return async c => await sendPage(c, page, 405, { allow: methods.join(', ') });
}
