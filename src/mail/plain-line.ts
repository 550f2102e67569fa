// Control characters, line and paragraph separators, and lone surrogates.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;
// Invisible characters, such as zero-width spaces and bidirectional controls, except for the joiners and variation selectors
// that scripts and emoji need.
const INVISIBLE =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;

/**
 * Returns untrusted text as one line, safe in a header or a sentence: without line breaks, control characters and invisible
 * characters, and at most `maxLength` characters long.
 */
export function plainLine(text: string, maxLength: number): string {
  const characters = [
    ...text.replace(INVISIBLE, '').replace(CONTROL, ' ').replace(/\s+/g, ' ').trim(),
  ];
  return characters.length <= maxLength
    ? characters.join('')
    : `${characters.slice(0, maxLength - 1).join('')}…`;
}
