// Controls, line and paragraph separators, and halves of surrogate pairs.
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;
// What is not seen, such as zero-width spaces and what turns the direction of writing around; but for the joiners and
// variation selectors that scripts and emoji need.
const UNSEEN =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;

/**
 * Text from outside as one line that can stand in a header or a sentence: without line breaks and other characters that
 * do something instead of being seen, and at most so many characters long.
 */
export function plainLine(text: string, most: number): string {
  const characters = [...text.replace(UNSEEN, '').replace(UNFIT, ' ').replace(/\s+/g, ' ').trim()];
  return characters.length <= most
    ? characters.join('')
    : `${characters.slice(0, most - 1).join('')}…`;
}
