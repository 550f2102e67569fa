import { listCharacters, unsafeCharacters } from './characters.ts';
import { toInternational } from './international-domain.ts';

/** The two forms of a valid domain, in lower case, or why the domain is invalid. */
type ParsedDomain = { ok: true; unicode: string; ascii: string } | { ok: false; reason: string };

const MAX_DOMAIN = 253;
const MAX_LABEL = 63;

const NOT_HOST_CHARACTER = /[^a-zA-Z0-9.\-\u0080-\u{10ffff}]/gu;

// Special-use domain names of IANA, which never receive mail from outside.
const SPECIAL_USE = /(?:^|\.)(?:arpa|invalid|local|localhost|onion|test)$/;

/**
 * Parses the domain of an e-mail address: a host name (RFC 1123) or an international domain name (UTS #46 and IDNA 2008).
 * Also applies the checks of email-validator 2.3, in its order.
 */
export function parseDomain(domain: string): ParsedDomain {
  const problem = checkCharacters(domain);
  if (problem) return refuse(problem);

  const both = isPlain(domain) ? plain(domain) : toInternational(domain);
  if (both === undefined) return refuse('The part after the @-sign is not a valid domain name.');
  const { unicode, ascii } = both;
  const refusal =
    checkCharacters(unicode) ?? checkHostName(unicode) ?? checkHostName(ascii) ?? checkReach(ascii);
  return refusal ? refuse(refusal) : { ok: true, unicode, ascii };
}

function isPlain(domain: string): boolean {
  return /^[\0-\x7f]*$/.test(domain) && !/xn--/i.test(domain);
}

function plain(domain: string): { unicode: string; ascii: string } {
  const ascii = domain.toLowerCase();
  return { unicode: ascii, ascii };
}

function refuse(reason: string): ParsedDomain {
  return { ok: false, reason };
}

function checkCharacters(domain: string): string | undefined {
  if (domain === '') return 'There must be something after the @-sign.';
  if (/^\[.*\]$/s.test(domain)) {
    return 'A bracketed IP address after the @-sign is not allowed here.';
  }
  const outside = listCharacters(domain.match(NOT_HOST_CHARACTER) ?? []);
  if (outside) return `The part after the @-sign contains invalid characters: ${outside}.`;
  const unsafe = unsafeCharacters(domain);
  if (unsafe) return unsafe;
  const disguised = listCharacters([...domain].filter(hidesPeriod));
  return disguised && `The part after the @-sign contains invalid characters: ${disguised}.`;
}

// The full-width period is a label separator of IDNA; other look-alikes are not.
function hidesPeriod(character: string): boolean {
  return !/[.\uff0e]/.test(character) && character.normalize('NFKC').includes('.');
}

function checkHostName(domain: string): string | undefined {
  const neighbours = [
    [/\.$/, 'An email address cannot end with a period.'],
    [/^\./, 'An email address cannot have a period immediately after the @-sign.'],
    [/\.\./, 'An email address cannot have two periods in a row.'],
    [/-$/, 'An email address cannot end with a hyphen.'],
    [/^-/, 'An email address cannot have a hyphen immediately after the @-sign.'],
    [/\.-|-\./, 'An email address cannot have a period and a hyphen next to each other.'],
    [
      /(?:^|\.)(?!xn)[^.]{2}--/u,
      'An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode.',
    ],
  ] as const;
  return neighbours.find(([pattern]) => pattern.test(domain))?.[1];
}

function checkReach(ascii: string): string | undefined {
  if (ascii.length > MAX_DOMAIN) {
    return `The email address is too long after the @-sign ${excess(ascii, MAX_DOMAIN)}.`;
  }
  const longLabel = ascii.split('.').find(label => label.length > MAX_LABEL);
  if (longLabel) {
    return `After the @-sign, periods cannot be separated by so many characters ${excess(longLabel, MAX_LABEL)}.`;
  }
  if (!ascii.includes('.')) {
    return 'The part after the @-sign is not valid. It should have a period.';
  }
  if (!/[a-z]$/.test(ascii)) {
    return 'The part after the @-sign is not valid. It is not within a valid top-level domain.';
  }
  return SPECIAL_USE.test(ascii)
    ? 'The part after the @-sign is a special-use or reserved name that cannot be used with email.'
    : undefined;
}

function excess(text: string, limit: number): string {
  const count = text.length - limit;
  return `(${count} character${count > 1 ? 's' : ''} too many)`;
}
