import { html } from 'hono/html';
import type { Html } from './layout.ts';

const ADDRESS = /(\S+@\S+)/;
// About what fits on one line of a phone.
const LONG = 26;

/**
 * Marks up the e-mail addresses of a text, so that lines break in them only if necessary, and then at a dot or an @-sign.
 */
export function withAddresses(text: string): (Html | string)[] {
  return text
    .split(ADDRESS)
    .map((piece, index) =>
      index % 2 === 0 ? piece : html`<span class="address">${breakable(piece)}</span>`,
    );
}

function breakable(address: string): (Html | string)[] {
  if (address.length <= LONG) return [address];
  const parts = address.split(/(?<=.)(?=[@.])/);
  return parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`));
}
