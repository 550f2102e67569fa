import type { BillingCustomer } from '../seats/invitation/billing-customer.ts';
import { plainLine } from './plain-line.ts';

const LONGEST_NAME = 200;
const LONGEST_INVITER_NAME = 80;
const LONGEST_ADDRESS = 254;

// Full stops, colons, slashes and at signs, with all characters that address parsers map to them (UTS 46, NFKC).
// Numbers such as 2.0 do not match.
const DOT =
  /(?<![\p{L}\p{N}._-])v?\d+\.\d+(?![\p{L}\p{N}._-])|[.\u2024\u3002\ufe52\uff0e\uff61](?=[\p{M}\u200c\u200d]*[\p{L}\p{N}])/giu;
const SCHEME = /(\p{L}[\p{L}\p{N}+-]*)[:\ufe55\uff1a][/\uff0f\s]*(?=\S)/gu;
const SLASHES = /[/\uff0f]{2,}|[\\\ufe68\uff3c]{2,}/gu;
const AT = /(?<=\S)[@\ufe6b\uff20](?=\S)/gu;
// In a seller's name, a bare domain is a brand.
const LINKS_BEYOND_DOMAIN = /[/\\@\uff0f\uff3c\uff20\ufe6b]|:\S|\bwww\./iu;

/** Inviter as shown in an invitation. Unknown parts are empty. */
export interface Inviter {
  name: string;
  email: string;
}

/**
 * Returns the billing customer's name and address. The address of the owner replaces a missing one. The billing customer
 * chooses the name freely and strangers read it in the seller's mail, so it is changed until mail clients cannot link it.
 */
export function inviterOf({ name, email, owner }: BillingCustomer): Inviter {
  const address = plainLine(email ?? owner?.email ?? '', LONGEST_ADDRESS);
  const chosen = [name, email === null ? owner?.name : undefined]
    .map(candidate => plainLine(candidate ?? '', LONGEST_NAME))
    .find(candidate => candidate !== '');
  const isAddress = chosen?.toLowerCase() === address.toLowerCase();
  return {
    name:
      chosen === undefined || isAddress ? '' : plainLine(unlinked(chosen), LONGEST_INVITER_NAME),
    email: address,
  };
}

/** Returns name and address in one text, such as `Globex (billing@globex.example)`. */
export function nameAndAddress({ name, email }: Inviter): string {
  return name !== '' && email !== '' ? `${name} (${email})` : name || email;
}

/** Returns the name of an organization or a product. It may contain a bare domain, but no other link. */
export function sellersName(name: string): string {
  const line = plainLine(name, LONGEST_NAME);
  return LINKS_BEYOND_DOMAIN.test(line) ? plainLine(unlinked(line), LONGEST_NAME) : line;
}

/** Changes a line so that mail clients find nothing to link: `evil.example/verify` becomes `evil. example/verify`. */
function unlinked(line: string): string {
  return line
    .replace(SCHEME, '$1: ')
    .replace(SLASHES, slashes => slashes.slice(0, 1))
    .replace(AT, ' @ ')
    .replace(DOT, match => (match.length === 1 ? `${match} ` : match));
}
