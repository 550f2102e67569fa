/** What to tell of a row, and at which of its keys; an empty field is the row itself. */
export interface Complaint {
  field: string;
  message: string;
}

/**
 * How rows of the file become rows of a table. The SQL in here reads `f`, the file's row; `old`, the table's
 * row of the same key, all null where there is none; and `clock.now`.
 */
export interface Table {
  name: string;
  key: readonly string[];
  /** What a row of the file brings, with its PostgreSQL type. Written as it is, unless it is named again below. */
  columns: Readonly<Record<string, string>>;
  /** Columns whose value is not simply the file's. */
  values?: Readonly<Record<string, string>>;
  /** Columns that are written with a new row and never changed. */
  once?: Readonly<Record<string, string>>;
  /** Further tables that the SQL reads. */
  joins?: string;
  /** Whether the table keeps when a row was last changed. */
  hasModifiedAt: boolean;
  /** Takes rows that will change out of the unique indexes first, so that rows may trade places there. */
  vacate?: { set: string; when: string };
  /** What must not hold of any row once all of the table's are written. */
  checks?: readonly (Complaint & { when: string })[];
  /** What it means when a constraint refuses a row. */
  refusals: Readonly<Record<string, Complaint>>;
}
