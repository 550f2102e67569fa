import { html } from 'hono/html';
import { badge } from './badge.ts';
import type { Page } from './layout.ts';

/** Returns a page with an error message, without details. */
export function messagePage(heading: string, text: string): Page {
  return {
    title: heading,
    body: html`<p class="from">${badge('minus')}</p>
<h1>${heading}</h1>
<p>${text}</p>`,
  };
}
