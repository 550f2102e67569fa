/** Whether PostgreSQL can store the text: it takes neither U+0000 nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

/** Why text that cannot be stored is refused, in the reference's words. */
export const NOT_STORABLE = 'This value contains invalid characters';

/** How long an external id can be: what PostgreSQL can keep in an index, however many bytes a character takes. */
export const LONGEST_EXTERNAL_ID = 512;
