import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { Ctx } from '../context.ts';
import type PrismaTypes from '../db/generated/pothos.ts';
import { getDatamodel } from '../db/generated/pothos.ts';
import type { PoolCounts } from '../seats/read/read-pool.ts';
import type { SeatView } from '../seats/view.ts';
import { UUIDS_PLUGIN } from './ids.ts';
import { USER_ERRORS_PLUGIN } from './user-errors.ts';

/** What resolvers get beyond Prisma's row: a seat comes with its holder, and a pool may come with its counts. */
type RowTypes = PrismaTypes & {
  CustomerSeat: { Shape: SeatView };
  Subscription: { Shape: Partial<PoolCounts> };
  Order: { Shape: Partial<PoolCounts> };
};

interface Types {
  Context: Ctx;
  PrismaTypes: RowTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Connection: { totalCount: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    EmailAddress: { Input: string; Output: string };
    JSONObject: { Input: Record<string, unknown>; Output: unknown };
  };
}

/** The field of a page counts the page's size, so the list within it does not count it again. */
const IN_PAGE = { field: 1, multiplier: 1 } as const;

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** The only schema builder. It knows no types: each type is defined in its own file. */
export const builder = new SchemaBuilder<Types>({
  // Errors must be caught before the Prisma plugin wraps a resolver.
  plugins: [
    UUIDS_PLUGIN,
    ErrorsPlugin,
    USER_ERRORS_PLUGIN,
    RelayPlugin,
    ComplexityPlugin,
    PrismaPlugin,
  ],
  defaultFieldNullability: false,
  errors: {
    defaultUnionOptions: { name: ({ fieldName }) => `${capitalized(fieldName)}Result` },
    defaultResultOptions: { name: ({ fieldName }) => `${capitalized(fieldName)}Success` },
  },
  relay: {
    cursorType: 'String',
    nodesOnConnection: {
      description: 'The items of the page.',
      complexity: IN_PAGE,
    },
    edgesFieldOptions: {
      nullable: false,
      description: 'The items of the page with their cursors.',
      complexity: IN_PAGE,
    },
    nodeFieldOptions: { nullable: false, description: 'The item.' },
    cursorFieldOptions: {
      description: 'The cursor of the item.',
    },
    pageInfoFieldOptions: { description: 'Information about the neighboring pages.' },
    pageInfoTypeOptions: { description: 'Information about the neighboring pages.' },
    hasNextPageFieldOptions: { description: 'Whether there is a next page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is a previous page.' },
    startCursorFieldOptions: { description: 'The cursor for `before`, to get the previous page.' },
    endCursorFieldOptions: { description: 'The cursor for `after`, to get the next page.' },
    firstArgOptions: {
      description:
        'The number of items from the start or after `after`: 50 by default, at most 100.',
    },
    afterArgOptions: { description: 'Returns the page after this cursor.' },
    lastArgOptions: {
      description: 'The number of items from the end or before `before`: at most 100.',
    },
    beforeArgOptions: { description: 'Returns the page before this cursor.' },
    defaultEdgeTypeOptions: { description: 'An item of a page with its cursor.' },
  },
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: 10,
    // The plugin only stores the cost of each field. Its own check of an operation would come too late, at execution.
    disabled: true,
  },
  prisma: {
    client: ctx => ctx.db,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
  },
});

builder.globalConnectionField('totalCount', t =>
  t.int({
    description: 'The number of items on all pages, which is counted only if it is selected.',
    // It costs as much as a page of the default length.
    complexity: 50,
    resolve: connection => connection.totalCount(),
  }),
);
