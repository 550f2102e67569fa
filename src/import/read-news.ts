import type { z } from 'zod';
import { TOLD } from '../billing/rules/newest.ts';
import * as schemas from './document.ts';
import { addRow, type FileRows, noRows } from './file-rows.ts';
import { below } from './problems.ts';
import { poolParts } from './read-import-file.ts';
import { keyOf } from './tables/all.ts';

/** A row from the billing system, with the keys of the import file. An undefined value counts as left out. */
export type ToldRow = Readonly<Record<string, unknown>>;

/** A report of the billing system about an organization at one time. */
export interface Told {
  organizationId: string;
  products: readonly ToldRow[];
  customers: readonly ToldRow[];
  subscriptions: readonly ToldRow[];
  orders: readonly ToldRow[];
  asOf: Date;
}

/**
 * Returns the rows and the problems of a report of the billing system. Unlike in a file, a value that is left out stays as
 * it is.
 */
export function readNews(told: Told): FileRows {
  const file = noRows();
  const { organizationId } = told;
  const columns = { organization_id: organizationId };
  const add = <Name extends keyof typeof TOLD, Item>(
    table: Name,
    schema: z.ZodType<Item>,
    partsOf: (item: Item) => Pick<Parts<Name, Item>, 'references' | 'columns'>,
  ) => {
    for (const [index, row] of told[table].entries()) {
      addRow<Name, Item>(file, table, schema, withoutNames(row), below('', table, index), item => ({
        ...partsOf(item),
        isNamedExternally: (row.id ?? null) === null,
        asOf: told.asOf,
        leftOut: leftOutOf(table, row),
      }));
    }
  };
  add('products', schemas.Product, () => ({ references: [], columns }));
  add('customers', schemas.Customer, () => ({ references: [], columns }));
  add('subscriptions', schemas.Subscription, pool => poolParts([], organizationId, pool));
  add('orders', schemas.Order, pool => poolParts([], organizationId, pool));
  return file;
}

type Parts<Name extends keyof typeof TOLD, Item> = ReturnType<
  Parameters<typeof addRow<Name, Item>>[5]
>;

/** Removes undefined values, and ids that are null. */
function withoutNames(row: ToldRow): ToldRow {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([key, value]) => value !== undefined && (value !== null || !NAMES.has(key)),
    ),
  );
}

const NAMES = new Set(['id', 'productExternalId', 'customerExternalId', 'customerId']);

function leftOutOf(table: keyof typeof TOLD, row: ToldRow): string[] {
  return TOLD[table].filter(column => {
    const key = keyOf(column);
    const isNamed = (row[key.replace(/Id$/, 'ExternalId')] ?? null) !== null;
    return row[key] === undefined && !isNamed;
  });
}
