// The white space that JavaScript's `trim` removes.
const WHITE_SPACE =
  '\\0009\\000A\\000B\\000C\\000D\\0020\\00A0\\1680\\2000\\2001\\2002\\2003\\2004\\2005\\2006\\2007\\2008\\2009\\200A\\2028\\2029\\202F\\205F\\3000\\FEFF';

/** Returns the SQL that trims a text like JavaScript's `trim`. */
export function trimmed(expression: string): string {
  return `btrim(${expression}, U&'${WHITE_SPACE}')`;
}
