import { listCharacters, unsafeCharacters } from './characters.ts';
import { parseDomain } from './domain.ts';

/** The normalized e-mail address, or why it is invalid. */
type ParsedEmail = { ok: true; email: string } | { ok: false; reason: string };

const MAX_INPUT_CHARACTERS = 2048;
const MAX_ADDRESS_BYTES = 254;

// Python's str.isspace(). JavaScript's \s lacks U+001C-001F and U+0085, and includes U+FEFF.
const SPACE = '[\\p{White_Space}\\x1c-\\x1f]';
const SURROUNDING_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, 'gu');

const NAME_WORD = "[\\p{L}\\p{N}_!#$%&'*+\\-/=?^`{|}~]+";
const NAME = `(?:(?:${NAME_WORD}${SPACE}+)*${NAME_WORD}|"[^]+")`;
const NAME_AND_ADDRESS = new RegExp(`^${SPACE}*${NAME}?${SPACE}*<([^\\n]+)>${SPACE}*$`, 'u');

const NOT_LOCAL_CHARACTER = /[^.a-zA-Z0-9_!#$%&'*+\-/=?^`{|}~\u0080-\u{10ffff}]/gu;

// RFC 2142: common mailboxes with case-insensitive names.
const ROLE_MAILBOXES =
  /^(?:info|marketing|sales|support|abuse|noc|security|postmaster|hostmaster|usenet|news|webmaster|www|uucp|ftp)$/i;

/**
 * Parses an e-mail address without DNS. Accepts and normalizes like EmailStr of pydantic 2.13 with email-validator 2.3:
 * removes surrounding space and a display name (`Bob <bob@b.com>`), keeps the case of the local part and converts it to
 * NFC, and converts the domain to lower case and Unicode.
 */
export function parseEmail(input: string): ParsedEmail {
  if (input.length > MAX_INPUT_CHARACTERS && [...input].length > MAX_INPUT_CHARACTERS) {
    return refuse(`Length must not exceed ${MAX_INPUT_CHARACTERS} characters`);
  }
  const address = withoutDisplayName(input);
  const at = address.indexOf('@');
  const local = address.slice(0, at);
  const misplaced = misplacedSyntax(address, at);
  if (misplaced) return refuse(misplaced);

  const normalizedLocal = local.normalize('NFC');
  const localProblem = checkLocal(local) ?? checkLocal(normalizedLocal);
  if (localProblem) return refuse(localProblem);

  const domain = parseDomain(address.slice(at + 1));
  if (!domain.ok) return refuse(domain.reason);

  const mailbox = ROLE_MAILBOXES.test(local) ? local.toLowerCase() : normalizedLocal;
  const email = `${mailbox}@${domain.unicode}`;
  const excess = excessBytes([address, email, `${mailbox}@${domain.ascii}`]);
  return excess > 0
    ? refuse(
        `The email address is too long (${excess} character${excess > 1 ? 's' : ''} too many).`,
      )
    : { ok: true, email };
}

function refuse(reason: string): ParsedEmail {
  return { ok: false, reason };
}

function withoutDisplayName(input: string): string {
  return (NAME_AND_ADDRESS.exec(input)?.[1] ?? input).replace(SURROUNDING_SPACE, '');
}

function misplacedSyntax(address: string, at: number): string | undefined {
  if (address.startsWith('"')) return 'Quoting the part before the @-sign is not allowed here.';
  if (/^[^@]*</.test(address)) {
    return address.includes('>')
      ? 'A display name and angle brackets around the email address are not permitted here.'
      : 'An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.';
  }
  if (at >= 0) return undefined;
  if (address.includes('\uff20')) {
    return 'The email address has the "full-width" at-sign (@) character instead of a regular at-sign.';
  }
  if (address.includes('\ufe6b')) {
    return 'The email address has the "small commercial at" character instead of a regular at-sign.';
  }
  return 'An email address must have an @-sign.';
}

function checkLocal(local: string): string | undefined {
  if (local === '') return 'There must be something before the @-sign.';
  const invalid = listCharacters(local.match(NOT_LOCAL_CHARACTER) ?? []);
  if (invalid) {
    return `The email address contains invalid characters before the @-sign: ${invalid}.`;
  }
  if (local.endsWith('.')) {
    return 'An email address cannot have a period immediately before the @-sign.';
  }
  if (local.startsWith('.')) return 'An email address cannot start with a period.';
  if (local.includes('..')) return 'An email address cannot have two periods in a row.';
  return unsafeCharacters(local);
}

function excessBytes(forms: string[]): number {
  return Math.max(...forms.map(form => Buffer.byteLength(form))) - MAX_ADDRESS_BYTES;
}
