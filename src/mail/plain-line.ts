// Controls, line and paragraph separators, halves of surrogate pairs, and what turns the direction of writing around.
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from outside as one line that can stand in a header or a sentence: without line breaks and other characters that
 * do something instead of being seen, and at most so many characters long.
 */
export function plainLine(text: string, most: number): string {
  const characters = [...text.replace(UNFIT, ' ').replace(/\s+/g, ' ').trim()];
  return characters.length <= most
    ? characters.join('')
    : `${characters.slice(0, most - 1).join('')}…`;
}
