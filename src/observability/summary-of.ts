const LONGEST_TEXT = 2_000;

const KINDS = new Set([
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'BEGIN', 'COMMIT', 'ROLLBACK', 'SET', 'LISTEN'],
  ...['SAVEPOINT', 'RELEASE'],
]);

/** A statement in the form for metrics, traces and the log. */
export interface StatementSummary {
  /**
   * The first word, such as `SELECT`; for `WITH`, the verb of the first change, or `SELECT`; `OTHER` for an unknown word.
   */
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

/** Returns the kind of a statement. Caches it, since most statements repeat. */
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
