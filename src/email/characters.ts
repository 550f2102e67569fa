/** Lists each distinct character once, as an e-mail reason quotes them; undefined when there is none. */
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
 * Says why text is not a sensible piece of an address: it holds spaces, control, format, private
 * or unassigned characters, or starts with a mark that would join what stands before it
 * (UTS #39 and RFC 6532, as email-validator reads them).
 */
export function unsafeCharacters(text: string): string | undefined {
  const [leadingMark] = /^\p{M}/u.exec(text) ?? [];
  const list = listCharacters([
    ...(leadingMark ? [leadingMark] : []),
    ...(text.match(/[\p{C}\p{Z}]/gu) ?? []),
  ]);
  return list && `The email address contains unsafe characters: ${list}.`;
}
