import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { isLoopbackHost } from '../hosts/loopback.ts';

const LONGEST_URL = 2_048;

/**
 * Why nobody may be sent to this address with their session once they have claimed a seat; undefined where they may. It is
 * https, or http on the reader's own machine, has no user and no password, and at most 2048 characters.
 */
export function checkReturnUrl(url: string): { code: string; message: string } | undefined {
  if (!isStorable(url)) return { code: 'TEXT', message: NOT_STORABLE };
  if (url.length > LONGEST_URL) {
    return { code: 'TOO_LONG', message: `At most ${LONGEST_URL} characters` };
  }
  // The parser would pass over spaces, and take a scheme without its slashes.
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
