import type { InputIssueCode } from '../../domain/errors.ts';

/** A problem of a row, and the key that it concerns; an empty `field` means the whole row. */
export interface RowProblem {
  field: string;
  message: string;
  code?: InputIssueCode | undefined;
}

/**
 * How rows of the file become rows of a table. Its SQL reads `f`, the row of the file; `old`, the row of the table with
 * the same key, all null if there is none; and `clock.now`.
 */
export interface Table {
  name: string;
  key: readonly string[];
  /** The columns of a row of the file with their PostgreSQL types. Written unchanged unless `values` or `once` has them. */
  columns: Readonly<Record<string, string>>;
  /** Columns with a computed value. */
  values?: Readonly<Record<string, string>>;
  /** Columns that are written only when the row is created. */
  once?: Readonly<Record<string, string>>;
  /** Joins of further tables that the SQL reads. */
  joins?: string;
  /** Whether the table has the column `modified_at`. */
  hasModifiedAt: boolean;
  /** Removes rows that will change from the unique indexes first, so that rows can swap unique values. */
  release?: { set: string; when: string };
  /** Conditions that no row may meet once all rows of the table are written. */
  checks?: readonly (RowProblem & { when: string })[];
  /** The problem to report for each violated constraint. */
  violations: Readonly<Record<string, RowProblem>>;
}
