import type { Buyer } from '../seats/invitation/buyer.ts';
import { plainLine } from './plain-line.ts';

const LONGEST_NAME = 200;
const LONGEST_BUYER_NAME = 80;
const LONGEST_ADDRESS = 254;

// Full stops, colons, slashes and at signs in all the forms that address parsers take for them (UTS 46, NFKC).
// A number such as 2.0 is left alone.
const DOT =
  /(?<![\p{L}\p{N}._-])v?\d+\.\d+(?![\p{L}\p{N}._-])|[.\u2024\u3002\ufe52\uff0e\uff61](?=[\p{M}\u200c\u200d]*[\p{L}\p{N}])/giu;
const SCHEME = /(\p{L}[\p{L}\p{N}+-]*)[:\ufe55\uff1a][/\uff0f\s]*(?=\S)/gu;
const SLASHES = /[/\uff0f]{2,}|[\\\ufe68\uff3c]{2,}/gu;
const AT = /(?<=\S)[@\ufe6b\uff20](?=\S)/gu;
// Of a seller's name, a bare domain is a brand.
const LEADS_SOMEWHERE = /[/\\@\uff0f\uff3c\uff20\ufe6b]|:\S|\bwww\./iu;

/** Who invites, as an invitation says it; empty texts for what is not known. */
export interface Inviter {
  name: string;
  email: string;
}

/**
 * The billing customer by name and by address (decision 30): their own address, or else their owner's. Whoever buys
 * chooses the name, and a stranger reads it in the seller's mail: it is shown so that no mail program makes a link of it.
 */
export function inviterOf({ name, email, owner }: Buyer): Inviter {
  const address = plainLine(email ?? owner?.email ?? '', LONGEST_ADDRESS);
  const chosen = [name, email === null ? owner?.name : undefined]
    .map(candidate => plainLine(candidate ?? '', LONGEST_NAME))
    .find(candidate => candidate !== '');
  const isAddress = chosen?.toLowerCase() === address.toLowerCase();
  return {
    name: chosen === undefined || isAddress ? '' : plainLine(unlinked(chosen), LONGEST_BUYER_NAME),
    email: address,
  };
}

/** Both in one, such as `Globex (billing@globex.example)`. */
export function nameAndAddress({ name, email }: Inviter): string {
  return name !== '' && email !== '' ? `${name} (${email})` : name || email;
}

/** The name of the organization that sells, or of its product: a domain in it may stand, but nothing that leads further. */
export function sellersName(name: string): string {
  const line = plainLine(name, LONGEST_NAME);
  return LEADS_SOMEWHERE.test(line) ? plainLine(unlinked(line), LONGEST_NAME) : line;
}

/** A line in which mail programs find no address to link: `evil.example/verify` becomes `evil. example/verify`. */
function unlinked(line: string): string {
  return line
    .replace(SCHEME, '$1: ')
    .replace(SLASHES, slashes => slashes.slice(0, 1))
    .replace(AT, ' @ ')
    .replace(DOT, match => (match.length === 1 ? `${match} ` : match));
}
