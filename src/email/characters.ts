/** Returns a list of the distinct characters for an error message; undefined if there are none. */
export function listCharacters(characters: Iterable<string>): string | undefined {
  const shown = [...new Set(characters)].map(showCharacter).sort();
  return shown.length > 0 ? shown.join(', ') : undefined;
}

function showCharacter(character: string): string {
  if (character === ' ') return 'SPACE';
  if (character === '\\') return '"\\"';
  if (character === "'") return `"'"`;
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `'${character}'`;
  return `U+${character.codePointAt(0)?.toString(16).padStart(4, '0').toUpperCase()}`;
}

/**
 * Returns why a text is unsafe in an address: it contains spaces, control, format, private or unassigned characters, or
 * starts with a mark that combines with the character before it (UTS #39 and RFC 6532, as in email-validator). Undefined
 * if it is safe.
 */
export function unsafeCharacters(text: string): string | undefined {
  const [leadingMark] = /^\p{M}/u.exec(text) ?? [];
  const list = listCharacters([
    ...(leadingMark ? [leadingMark] : []),
    ...(text.match(/[\p{C}\p{Z}]/gu) ?? []),
  ]);
  return list && `The email address contains unsafe characters: ${list}.`;
}
