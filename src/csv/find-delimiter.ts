const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Returns the delimiter of a file, from its first non-empty line: the one that occurs most often outside quotes, or a comma.
 * Returns undefined if the line does not end within the text.
 */
export function findDelimiter(text: string): string | undefined {
  const counts = new Map<string, number>(DELIMITERS.map(delimiter => [delimiter, 0]));
  let isQuoted = false;
  let isEmpty = true;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '\n' || character === '\r') {
      if (isEmpty) continue;
      return mostFrequent(counts);
    }
    if (character !== '\uFEFF') isEmpty = false;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return undefined;
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  return DELIMITERS.reduce((most, each) =>
    (counts.get(each) ?? 0) > (counts.get(most) ?? 0) ? each : most,
  );
}
