import { type InputIssueCode, InvalidInput } from '../domain/errors.ts';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { isPrivateHost } from './private-host.ts';

const LONGEST_URL = 2_048;

/**
 * Throws InvalidInput for a URL that is not a valid endpoint: one that is not http or https, has a user, a password or a
 * fragment, or is longer than 2048 characters, and, unless `allowPrivate`, one with a private host. The sender checks the
 * addresses to which a host name resolves, on each connection.
 */
export function requireEndpointUrl(url: string, { allowPrivate }: { allowPrivate: boolean }): void {
  if (!isStorable(url)) throw invalidUrl('TEXT', NOT_STORABLE);
  if (url.length > LONGEST_URL) throw invalidUrl('TOO_LONG', `At most ${LONGEST_URL} characters`);
  // The URL parser ignores spaces and accepts a scheme without slashes.
  if (!/^https?:\/\/[^\s\p{Cc}\\]+$/iu.test(url) || !URL.canParse(url)) {
    throw invalidUrl('URL', 'Must be an http:// or https:// address.');
  }
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalidUrl('CREDENTIALS', 'Must be without a user and a password.');
  }
  if (url.includes('#')) throw invalidUrl('FRAGMENT', 'Must be without a fragment.');
  if (!allowPrivate && isPrivateHost(parsed.hostname)) {
    throw invalidUrl('PRIVATE_ADDRESS', 'Must be an address on the public internet.');
  }
}

function invalidUrl(code: InputIssueCode, message: string): InvalidInput {
  return new InvalidInput([{ path: ['url'], code, message }]);
}
