import { isIP } from 'node:net';
import { z } from 'zod';
import { isSender } from './mail/sender.ts';
import { isTrustable, type TrustedProxies } from './rate-limits/client-address.ts';

// Each variable gets only one message: a check runs only if the previous checks have passed.
function checked(isGood: (value: string) => boolean, error: string) {
  return z.string().refine(isGood, { error, abort: true });
}

/** A non-negative integer. */
export function wholeNumber(least: number, most: number, unit = '') {
  const error = `must be a number${unit && ` of ${unit}`}, ${least} to ${most}`;
  return checked(
    value => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most,
    error,
  ).transform(Number);
}

export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform(value => value === 'true');

/** An address or a name to listen on. */
export const listeningHost = checked(
  value => isIP(value) !== 0 || /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(value),
  'must be an address or a name to listen on, such as 127.0.0.1, 0.0.0.0 or ::1',
);

export const folder = checked(
  value => value.trim() !== '' && !value.includes('\0'),
  'must be a folder',
);

const HOPS = /^\d{1,2}$/;

/** Rejects a bare number, which can be an IP address but would look like a very large proxy count. */
function isNetwork(text: string): boolean {
  return /[.:a-z]/i.test(text) && isTrustable(text);
}

/** The number of proxies in front of the server, or their networks. */
export const trustedProxies = checked(
  value => HOPS.test(value.trim()) || networksOf(value).every(isNetwork),
  'must be how many proxies stand in front, or their addresses and networks, such as 10.0.0.0/8,fd00::/8',
).transform(
  (value): TrustedProxies => (HOPS.test(value.trim()) ? Number(value) : networksOf(value)),
);

function networksOf(value: string): string[] {
  return value.split(',').map(network => network.trim());
}

const MIN_KEY_BYTES = 32;

/** A signing key. Short keys can be guessed. */
export const key = checked(
  value => Buffer.byteLength(value.trim()) >= MIN_KEY_BYTES,
  `must have at least ${MIN_KEY_BYTES} bytes; make one with \`openssl rand -base64 32\``,
);

export const databaseUrl = checked(
  value => !namesSeveralHosts(value),
  'must name one host: the driver does not look for the primary among several. Name a DNS entry or a proxy that leads to it',
)
  .transform(withHost)
  .refine(value => isUrl(value, ['postgres:', 'postgresql:'], { hostless: true }), {
    error: 'must be a PostgreSQL address such as postgresql://user:password@host:5432/usher',
    abort: true,
  })
  .transform(withKnownMode)
  .refine(hasEscapedPassword, {
    error:
      'must have a user and a password in which %, @, :, /, ? and # are percent-encoded, and no @ in its parameters',
    abort: true,
  });

/** Returns whether a URL lists several hosts, as `host1,host2` or in a parameter. */
function namesSeveralHosts(value: string): boolean {
  const [, authority = ''] = /^[a-z]+:\/\/([^/?#]*)/i.exec(value) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return host.includes(',') || /[?&]host=[^&#]*(?:,|%2c)/i.test(value);
}

/**
 * Adds a host to a URL with the socket folder in a parameter, as for libpq: user:password@/usher?host=/var/run/postgresql.
 */
function withHost(value: string): string {
  return /[?&]host=/.test(value)
    ? value.replace(/^([a-z]+:\/\/[^/?#]*@)(?=\/)/i, '$1localhost')
    : value;
}

/** Replaces modes with `verify-full`. The driver treats them the same, but prints a warning for each connection. */
function withKnownMode(value: string): string {
  return /[?&]uselibpqcompat=/.test(value)
    ? value
    : value.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

export const publicUrl = checked(
  value => isUrl(value, ['http:', 'https:']),
  'must be an address such as https://seats.example.com',
)
  .refine(
    value => {
      const { username, password, search, hash } = new URL(value);
      return username + password + search + hash === '';
    },
    { error: 'must be without user, password, query and fragment', abort: true },
  )
  .transform(value => value.replace(/\/+$/, ''));

/** Where traces are sent. */
export const collectorUrl = checked(
  value => isUrl(value, ['http:', 'https:']),
  'must be the address of an OpenTelemetry collector that takes OTLP over HTTP, such as http://collector:4318',
);

export const smtpUrl = checked(
  value => isUrl(value, ['smtp:', 'smtps:']),
  'must be a mail server such as smtps://user:password@mail.example.com',
);

export const sender = checked(isSender, 'must be one address, such as Seats <seats@example.com>');

const HOST_URL = /^[a-z]+:\/\/[^\s\p{Cc}\\/?#][^\s\p{Cc}\\]*$/iu;
const HOSTLESS_URL = /^[a-z]+:\/\/[^\s\p{Cc}]*$/iu;

/** Returns whether a value is a URL of one of these schemes. The parser alone would accept spaces and missing slashes. */
function isUrl(value: string, schemes: readonly string[], { hostless = false } = {}): boolean {
  const form = hostless ? HOSTLESS_URL : HOST_URL;
  return form.test(value) && URL.canParse(value) && schemes.includes(new URL(value).protocol);
}

/** An @ after the host, or a fragment, is the rest of a password with an unescaped character. */
function hasEscapedPassword(value: string): boolean {
  const { pathname, search, hash, username, password } = new URL(value);
  if (pathname.includes('@') || search.includes('@') || hash !== '') return false;
  try {
    decodeURIComponent(username + password + pathname);
    return true;
  } catch {
    return false;
  }
}
