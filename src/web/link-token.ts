/**
 * A token without what a link picks up on its way: the period or the bracket of a sentence, a quotation mark, a
 * space or a line break. None of these is part of any that is made here.
 */
export function fromLink(text: string): string {
  return text.replace(/^[^\w-]+/, '').replace(TAIL, '');
}

// Anchored by what stands before it, so that it is tried once and not at each character.
const TAIL = /(?<=[\w-])[^\w-]+$/;
