import { InvalidInput } from '../domain/errors.ts';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { isPrivateHost } from './private-host.ts';

const LONGEST_URL = 2_048;

/**
 * Throws InvalidInput for an address that no event can be sent to: not http or https, with a user, a password or a
 * fragment, longer than 2048 characters, or, unless that is allowed, private by its name. What the name resolves to is
 * checked whenever it is connected to.
 */
export function requireEndpointUrl(url: string, { allowPrivate }: { allowPrivate: boolean }): void {
  if (!isStorable(url)) throw refusal('TEXT', NOT_STORABLE);
  if (url.length > LONGEST_URL) throw refusal('TOO_LONG', `At most ${LONGEST_URL} characters`);
  // The parser would pass over spaces, and take a scheme without its slashes.
  if (!/^https?:\/\/[^\s\p{Cc}\\]+$/iu.test(url) || !URL.canParse(url)) {
    throw refusal('URL', 'Must be an http:// or https:// address.');
  }
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '') {
    throw refusal('CREDENTIALS', 'Must be without a user and a password.');
  }
  if (url.includes('#')) throw refusal('FRAGMENT', 'Must be without a fragment.');
  if (!allowPrivate && isPrivateHost(parsed.hostname)) {
    throw refusal('PRIVATE_ADDRESS', 'Must be an address on the public internet.');
  }
}

function refusal(code: string, message: string): InvalidInput {
  return new InvalidInput([{ path: ['url'], code, message }]);
}
