import { isStorable } from '../domain/storable-text.ts';
import { badInput } from './pages.ts';

/** The most characters of a search. No address is longer. */
const MAX_SEARCH = 320;

/**
 * Returns the trimmed text of a search. Throws a GraphQLError for one that no index can find: PostgreSQL indexes three
 * characters at a time, which must include two letters or digits.
 */
export function requireSearch(name: string, search: string | null | undefined): string | undefined {
  if (search === null || search === undefined) return undefined;
  const text = search.trim();
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if ([...text].length < 3 || letters < 2) {
    throw badInput(`\`${name}\` needs at least three characters, two of them letters or digits.`);
  }
  if (text.length > MAX_SEARCH)
    throw badInput(`\`${name}\` has more than ${MAX_SEARCH} characters.`);
  if (!isStorable(text)) throw badInput(`\`${name}\` has text that cannot be stored.`);
  return text;
}
