import type { z } from 'zod';
import { below, explain, type Problem, problemsAt } from './problems.ts';
import { type Columns, TABLES, type TableName } from './tables/all.ts';

/** A row to write, and where in the file it stands. */
export interface FileRow {
  path: string;
  /** What it is called by the rows that refer to it: see `nameOf`. */
  name: string;
  /** The names of the rows that it refers to. */
  needs: readonly string[];
  columns: Record<string, unknown>;
}

/** What has been read of a file, and what is wrong with it so far. */
export interface FileRows {
  rows: Record<TableName, FileRow[]>;
  problems: Problem[];
  /** The path of every name. */
  paths: Map<string, string>;
  /** The names of rows with a problem, and of those that refer to one: these are not written, nor complained of. */
  broken: Set<string>;
  /** The path of `userIds` of each organization that has the key: its memberships are those, and no others. */
  memberLists: Map<string, string>;
  /** The names of pools that a broken seat is of, so that how full they will be cannot be told. */
  uncounted: Set<string>;
}

/** An empty file. */
export function noRows(): FileRows {
  const empty = Object.keys(TABLES).map(table => [table, []]);
  return {
    // Made from the very keys that the type asks for.
    rows: Object.fromEntries(empty) as unknown as FileRows['rows'],
    problems: [],
    paths: new Map(),
    broken: new Set(),
    memberLists: new Map(),
    uncounted: new Set(),
  };
}

// One token must not open two doors, so that tokens of all kinds share their names.
const NAMESPACES: Partial<Record<TableName, string>> = {
  accessTokens: 'token',
  customerSessions: 'token',
  memberSessions: 'token',
};

/** What the row with this id, or the token with this hash, is called throughout the file. */
export function nameOf(table: TableName, id: string): string {
  return `${NAMESPACES[table] ?? table} ${id}`;
}

/** What the file calls the subscription or order that a seat is of. */
export function poolOf({ columns }: Pick<FileRow, 'columns'>): string {
  return typeof columns.subscription_id === 'string'
    ? nameOf('subscriptions', columns.subscription_id)
    : nameOf('orders', String(columns.order_id));
}

/** What `addRow` is to know of a parsed row. */
export interface RowParts<Name extends TableName> {
  /** Tells the rows of a table apart. */
  id: string;
  /** Where in the row that stands: at `id` unless said otherwise; empty where it is the row. */
  idField?: string;
  needs: readonly string[];
  columns: Columns<Name>;
}

/**
 * Parses a row and keeps it, or else its problems. Returns its id; for a row without a readable one some other text,
 * which is broken, so that whatever stands below the row can still be read.
 */
export function addRow<Name extends TableName, Item>(
  file: FileRows,
  table: Name,
  schema: z.ZodType<Item>,
  value: unknown,
  path: string,
  partsOf: (item: Item) => RowParts<Name>,
): string {
  const parsed = schema.safeParse(value, { error: explain });
  if (!parsed.success) {
    file.problems.push(...problemsAt(path, parsed.error.issues));
    const id = readableId(value) ?? path;
    file.broken.add(nameOf(table, id));
    return id;
  }
  const { id, idField = 'id', needs, columns } = partsOf(parsed.data);
  const name = nameOf(table, id);
  const idPath = idField === '' ? path : below(path, idField);
  if (isFirst(file, name, idPath)) file.rows[table].push({ path, name, needs, columns });
  return id;
}

/** Takes a name for what stands at the path. Where it is taken, that is a problem. */
export function isFirst(file: FileRows, name: string, path: string): boolean {
  const first = file.paths.get(name);
  if (first === undefined) file.paths.set(name, path);
  else file.problems.push({ path, message: `already stands at ${first}` });
  return first === undefined;
}

/** The rows that can be written, as far as is known by now. The others' names become broken. */
export function soundRows(file: FileRows, table: TableName): FileRow[] {
  return file.rows[table].filter(row => {
    if (row.needs.some(name => file.broken.has(name))) file.broken.add(row.name);
    return !file.broken.has(row.name);
  });
}

/** Reads each item of the list that a value, whatever it is, has under a key. */
export function readEach(
  value: unknown,
  key: string,
  path: string,
  read: (item: unknown, path: string) => void,
): void {
  const list = valueAt(value, key);
  if (!Array.isArray(list)) return;
  for (const [index, item] of list.entries()) read(item, below(path, key, index));
}

/** What a value, whatever it is, has under a key. */
export function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function readableId(value: unknown): string | undefined {
  const id = valueAt(value, 'id');
  return typeof id === 'string' ? id.toLowerCase() : undefined;
}
