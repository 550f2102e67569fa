import type { InputIssueCode } from '../domain/errors.ts';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { isLoopbackHost } from '../hosts/loopback.ts';

const LONGEST_URL = 2_048;

/**
 * Returns why a URL is not allowed as the return URL after a claim; undefined if it is allowed. A return URL receives the
 * session, so it must be https, or http on a loopback host, without user and password. It has at most 2048 characters.
 */
export function checkReturnUrl(url: string): { code: InputIssueCode; message: string } | undefined {
  if (!isStorable(url)) return { code: 'TEXT', message: NOT_STORABLE };
  if (url.length > LONGEST_URL) {
    return { code: 'TOO_LONG', message: `At most ${LONGEST_URL} characters` };
  }
  // The parser would ignore spaces, and accept a scheme without slashes.
  if (!/^https?:\/\/[^\s\p{Cc}\\]+$/iu.test(url) || !URL.canParse(url)) {
    return { code: 'URL', message: 'Must be an https:// address.' };
  }
  const { protocol, host, hostname, username, password } = new URL(url);
  if (!/^[\w.:[\]-]+$/.test(host)) {
    return { code: 'URL', message: 'Must have a host of letters, digits, dots and hyphens.' };
  }
  if (username !== '' || password !== '') {
    return { code: 'CREDENTIALS', message: 'Must be without a user and a password.' };
  }
  if (protocol === 'http:' && !isLoopbackHost(hostname)) {
    return {
      code: 'URL',
      message: 'Must be an https:// address; http:// only leads to localhost.',
    };
  }
  return undefined;
}
