import type { z } from 'zod';
import { below, explain, type Problem, problemsAt } from './problems.ts';
import { type Columns, keyOf, TABLES, type TableName } from './tables/all.ts';

/** A row to write, with its path in the file. */
export interface FileRow {
  path: string;
  /** The name by which other rows refer to this row: see `rowName`. */
  name: string;
  /** The names of the rows that this row refers to. */
  references: readonly string[];
  columns: Record<string, unknown>;
  /**
   * Whether only an external id identifies the row. Its id is new, or becomes the id of the existing row with the external
   * id.
   */
  isNamedExternally?: boolean | undefined;
  /** The external ids by which the row refers to others, until they are resolved. */
  externalReferences?: readonly ExternalReference[] | undefined;
  /** The time of the row's state in the billing system; undefined if unknown. */
  asOf?: Date | undefined;
  /** The times of columns whose state has another time, for a new row. In a known row, these columns stay as they are. */
  asOfByColumn?: Readonly<Record<string, string | null>> | undefined;
  /** The columns that stay as they are. */
  leftOut?: readonly string[] | undefined;
}

/** A reference to another row of the organization by its external id. */
export interface ExternalReference {
  table: 'products' | 'customers' | 'subscriptions' | 'orders';
  /** The column that gets the id. */
  column: string;
  /** The key that contains the external id. */
  key: string;
  externalId: string;
}

/** Returns the references by external id among the given ones. */
export function externalReferences(
  ...all: (readonly [
    table: ExternalReference['table'],
    column: string,
    key: string,
    externalId: string | null,
  ])[]
): readonly ExternalReference[] | undefined {
  const given = all.flatMap(([table, column, key, externalId]) =>
    externalId === null ? [] : [{ table, column, key, externalId }],
  );
  return given.length === 0 ? undefined : given;
}

/** The rows of a file, and the problems found so far. */
export interface FileRows {
  rows: Record<TableName, FileRow[]>;
  problems: Problem[];
  /** The path of every name. */
  paths: Map<string, string>;
  /** The names of rows with a problem, and of rows that refer to them. These rows are neither written nor reported again. */
  broken: Set<string>;
  /** The path of `userIds` of each organization with this key. The key lists all memberships of the organization. */
  memberLists: Map<string, string>;
  /** The names of pools with a broken seat: their number of live seats is unknown. */
  uncounted: Set<string>;
}

/** Returns an empty file. */
export function noRows(): FileRows {
  const empty = Object.keys(TABLES).map(table => [table, []]);
  return {
    // `Object.fromEntries` loses the keys, which are those of TABLES.
    rows: Object.fromEntries(empty) as unknown as FileRows['rows'],
    problems: [],
    paths: new Map(),
    broken: new Set(),
    memberLists: new Map(),
    uncounted: new Set(),
  };
}

// A token must authenticate one actor only, so tokens of all kinds share one namespace.
const NAMESPACES: Partial<Record<TableName, string>> = {
  accessTokens: 'token',
  customerSessions: 'token',
  memberSessions: 'token',
};

/** Returns the name of the row with this id, or of the token with this hash; it is unique in the file. */
export function rowName(table: TableName, id: string): string {
  return `${NAMESPACES[table] ?? table} ${id}`;
}

/** Returns the name of the subscription or order of a seat. */
export function poolName({ columns }: Pick<FileRow, 'columns'>): string {
  return typeof columns.subscription_id === 'string'
    ? rowName('subscriptions', columns.subscription_id)
    : rowName('orders', String(columns.order_id));
}

type SnakeCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Text;

/** The parts of a parsed row that `addRow` needs. */
interface RowParts<Name extends TableName, Item> {
  /** Identifies the row in its table; the item's own `id` by default. */
  id?: string;
  /** The key of the id in the row; `id` by default, empty if the row itself is the id. */
  idField?: string;
  references: readonly string[];
  /** The columns for which the item has no key. */
  columns: Omit<Columns<Name>, SnakeCase<keyof Item & string>>;
  isNamedExternally?: boolean;
  externalReferences?: readonly ExternalReference[] | undefined;
  asOf?: Date | undefined;
  asOfByColumn?: Readonly<Record<string, string | null>> | undefined;
  leftOut?: readonly string[];
}

/**
 * Parses a row, and adds the row or its problems to the file. Returns the id of the row. An invalid row is broken; if
 * its id is unreadable, its path replaces the id, so that its nested rows can still be read.
 */
export function addRow<Name extends TableName, Item>(
  file: FileRows,
  table: Name,
  schema: z.ZodType<Item>,
  value: unknown,
  path: string,
  partsOf: (item: Item) => RowParts<Name, Item>,
): string {
  const parsed = schema.safeParse(value, { error: explain });
  if (!parsed.success) {
    file.problems.push(...problemsAt(path, parsed.error.issues));
    const id = readableId(value) ?? path;
    file.broken.add(rowName(table, id));
    return id;
  }
  const item = parsed.data;
  const { id = String(valueAt(item, 'id')), idField = 'id', columns: own, ...more } = partsOf(item);
  const columns = columnsOf(table, item, own);
  const name = rowName(table, id);
  const idPath = idField === '' ? path : below(path, idField);
  const isUnique = more.isNamedExternally
    ? registerName(
        file,
        `${table} of ${columns.organization_id}: ${columns.external_id}`,
        below(path, 'externalId'),
      )
    : registerName(file, name, idPath);
  if (more.isNamedExternally) file.paths.set(name, path);
  if (isUnique) file.rows[table].push({ ...more, path, name, columns });
  return id;
}

const KEYS = new Map(
  Object.entries(TABLES).map(([table, { columns }]) => [
    table,
    Object.keys(columns).map(column => ({ column, key: keyOf(column) })),
  ]),
);

function columnsOf(table: TableName, item: unknown, own: Readonly<Record<string, unknown>>) {
  const columns: Record<string, unknown> = {};
  for (const { column, key } of KEYS.get(table) ?? []) {
    columns[column] = column in own ? own[column] : valueAt(item, key);
  }
  return columns;
}

/** Registers a name for the row at the path, and returns whether it is new. Reports a duplicate. */
export function registerName(file: FileRows, name: string, path: string): boolean {
  const first = file.paths.get(name);
  if (first === undefined) file.paths.set(name, path);
  else file.problems.push({ path, message: `duplicates ${first}`, code: 'DUPLICATE' });
  return first === undefined;
}

/** Returns the rows that are valid so far. Marks rows that refer to a broken row as broken. */
export function validRows(file: FileRows, table: TableName): FileRow[] {
  return file.rows[table].filter(row => {
    if (row.references.some(name => file.broken.has(name))) file.broken.add(row.name);
    return !file.broken.has(row.name);
  });
}

/** Reads each item of the list under a key of any value. Does nothing if there is no such list. */
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

/** Returns the property of any value; undefined if it has none. */
export function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function readableId(value: unknown): string | undefined {
  const id = valueAt(value, 'id');
  return typeof id === 'string' ? id.toLowerCase() : undefined;
}
