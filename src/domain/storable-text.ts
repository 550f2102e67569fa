/** Returns whether PostgreSQL can store a text: it accepts neither U+0000 nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

/** The message for text that cannot be stored, in the reference's words. */
export const NOT_STORABLE = 'This value contains invalid characters';

/** The maximum length of an external id in characters: PostgreSQL can index it at any number of bytes per character. */
export const LONGEST_EXTERNAL_ID = 512;
