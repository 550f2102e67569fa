import { badHeader } from './csv-table.ts';

/** The columns of a file that usher reads. */
export interface Columns {
  has(name: string): boolean;
  /** The names that begin with a text, in the order of the file. */
  startingWith(prefix: string): string[];
  /** Returns a cell; undefined if it is empty or missing. */
  cell(cells: readonly string[], name: string): string | undefined;
  /** Returns what is wrong with a row, if anything: more cells than columns, or text that is not UTF-8. */
  problemOf(cells: readonly string[]): string | undefined;
}

/**
 * Reads a header. Names ignore case and surrounding space, and a space or hyphen in them means `_`. `isKnown` says which
 * columns are read; all others are ignored. Throws RequestValidationError for a known column that is there twice, and for
 * text that is not UTF-8.
 */
export function readColumns(
  header: readonly string[],
  isKnown: (name: string) => boolean,
): Columns {
  const places = new Map<string, number>();
  for (const [place, cell] of header.entries()) {
    if (NOT_TEXT.test(cell)) throw badHeader('The file is not text in UTF-8.');
    const name = nameOf(cell);
    if (!isKnown(name)) continue;
    if (places.has(name)) throw badHeader(`The column ${name} is there twice.`);
    places.set(name, place);
  }
  return {
    has: name => places.has(name),
    startingWith: prefix => [...places.keys()].filter(name => name.startsWith(prefix)),
    cell(cells, name) {
      const value = cells[places.get(name) ?? -1];
      return value === '' ? undefined : value;
    },
    problemOf(cells) {
      if (cells.slice(header.length).some(cell => cell !== '')) {
        return `The row has ${cells.length} cells, and the header ${header.length}`;
      }
      const isText = [...places.values()].every(place => !NOT_TEXT.test(cells[place] ?? ''));
      return isText ? undefined : 'The row is not text in UTF-8';
    },
  };
}

/** Matches what a decoder writes for bytes that are not UTF-8, and U+0000, which text in UTF-16 is full of. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what is looked for.
const NOT_TEXT = /[\u0000\uFFFD]/;

const METADATA = 'metadata.';

/** The keys of metadata keep their case. */
function nameOf(cell: string): string {
  const text = cell.trim();
  const [start, key] = [text.slice(0, METADATA.length), text.slice(METADATA.length)];
  if (start.toLowerCase() === METADATA) return METADATA + key;
  return text.toLowerCase().replace(/[\s-]+/g, '_');
}
