/**
 * Removes characters around a token that a copied link may have, such as a period, a bracket, a quotation mark, a space or a
 * line break. Tokens that usher creates have none of these.
 */
export function fromLink(text: string): string {
  return text.replace(/^[^\w-]+/, '').replace(TAIL, '');
}

// The lookbehind makes the engine try the pattern once instead of at each character.
const TAIL = /(?<=[\w-])[^\w-]+$/;
