const LONGEST_TEXT = 2_000;

const KINDS = new Set([
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'BEGIN', 'COMMIT', 'ROLLBACK', 'SET', 'LISTEN'],
  ...['SAVEPOINT', 'RELEASE'],
]);

/** A statement as metrics, traces and the log show it. */
export interface StatementSummary {
  /** Its first word, such as `SELECT`; `WITH` counts as what the statement changes, and an unknown word as `OTHER`. */
  kind: string;
  /** The text on one line, with `$1` instead of values, at most 2,000 characters. */
  query: string;
}

/** Summarizes the text of a statement. */
export function summaryOf(text: string): StatementSummary {
  const query = text.replace(/\s+/g, ' ').trim();
  return { kind: kindOf(text), query: query.slice(0, LONGEST_TEXT) };
}

const kinds = new Map<string, string>();
const MOST_KNOWN = 1_000;

/** Returns the kind of a statement. Most statements come again. */
export function kindOf(text: string): string {
  const known = kinds.get(text);
  if (known !== undefined) return known;
  const [, word = ''] = /^\s*([a-z]+)/i.exec(text) ?? [];
  const first = word.toUpperCase();
  const kind = first === 'WITH' ? mainVerb(text) : KINDS.has(first) ? first : 'OTHER';
  if (kinds.size < MOST_KNOWN) kinds.set(text, kind);
  return kind;
}

/** The kind of a statement with CTEs: what it changes, or `SELECT`. */
function mainVerb(text: string): string {
  const [, verb = 'SELECT'] =
    /\b(INSERT INTO|UPDATE (?!OF\b|SKIP\b)|DELETE FROM)/i.exec(text) ?? [];
  const [kind = 'SELECT'] = verb.trim().toUpperCase().split(' ');
  return kind;
}
