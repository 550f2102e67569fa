import { organizationOf, requireBillingSystem } from '../auth/access.ts';
import { type RecordedActor, recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { Order, Subscription } from '../db/generated/prisma/client.ts';
import { inTurn } from '../db/in-turn.ts';
import { transaction } from '../db/transaction.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import type { FileRow, FileRows } from '../import/file-rows.ts';
import type { Problem } from '../import/problems.ts';
import { readNews, type Told, type ToldRow } from '../import/read-news.ts';
import { POOL_TABLES } from '../import/tables/pools.ts';
import {
  type Importing,
  type SqlClient,
  startImporting,
  type WhenTooSmall,
} from '../import/write-rows.ts';
import { writeTables } from '../import/write-tables.ts';

export { OrderStatus, SubscriptionStatus } from '../db/generated/prisma/enums.ts';

/** The state of the billing system. The rows have the keys of the import file. */
export interface SyncBillingInput {
  organizationId?: string | null | undefined;
  customers: readonly ToldRow[];
  products: readonly ToldRow[];
  subscriptions: readonly ToldRow[];
  orders: readonly ToldRow[];
  /** What happens to a pool that would have fewer seats than are pending or claimed. */
  whenTooSmall: WhenTooSmall;
  /** The time of this state. */
  asOf: Date;
}

/** A pool that changed, as it is now. */
type SyncedPool = ({ kind: 'subscription' } & Subscription) | ({ kind: 'order' } & Order);

/** What a sync changed. */
export interface SyncedBilling {
  /** How many rows were new or have changed. */
  changedCount: number;
  /** How many rows were ignored, because everything they report is known as of the same or a later time. */
  staleCount: number;
  /** The pools that were new or have changed, in the order of the input. */
  pools: SyncedPool[];
  /** How many seats were revoked, because their pools have ended. */
  revokedCount: number;
}

/** The largest number of rows of a sync. */
export const MAX_ROWS = 1000;

/** How far ahead of usher's clock a report may be. */
const MAX_AHEAD_MS = 366 * 24 * 60 * 60_000;

// The end of a pool revokes all its seats, and a pool can have many.
const LIMITS = { timeout: 60_000 };

const LISTS = ['customers', 'products', 'subscriptions', 'orders'] as const;

/**
 * Brings customers, products, subscriptions and orders to the state of the billing system, all or nothing, by the rules of
 * the import file. Each column keeps the newest reported value, so that late, repeated and reordered calls lead to the same
 * state. Revokes the live seats of pools that end.
 *
 * Throws Unauthenticated, NotPermitted, ResourceNotFound for an unknown organization, customer or product, InvalidInput, and
 * PoolTooSmall.
 */
export async function syncBilling(ctx: Ctx, input: SyncBillingInput): Promise<SyncedBilling> {
  const actor = requireBillingSystem(ctx.actor);
  const organizationId = organizationOf(actor, input.organizationId);
  requireTime(input, ctx.now());
  requireSize(input);
  const told = { ...input, organizationId };
  requireNoProblems(readNews(told));
  const by = recordActor(actor, ctx.channel);
  const synced = await inTurn(ctx.db, organizationId, () =>
    transaction(ctx.db, tx => writeNews(tx, told, by, ctx.now()), LIMITS),
  );
  for (const customerId of synced.customerIds)
    ctx.actors.forgetMembers({ organizationId, customerId });
  for (const seatId of synced.revokedSeats) ctx.changes.announce(seatId);
  return {
    changedCount: synced.changedCount,
    staleCount: synced.staleCount,
    pools: await readPools(ctx, organizationId, synced.pools),
    revokedCount: synced.revokedSeats.length,
  };
}

type TableOfPool = (typeof POOL_TABLES)[number];

interface Written {
  changedCount: number;
  staleCount: number;
  pools: readonly { table: TableOfPool; id: string }[];
  /** The customers whose sessions may have ended. */
  customerIds: ReadonlySet<string>;
  revokedSeats: readonly string[];
}

/** Writes the report. Each attempt parses it again, because writing modifies the parsed rows. */
async function writeNews(
  tx: Tx,
  told: Told & Pick<SyncBillingInput, 'whenTooSmall'>,
  by: RecordedActor,
  now: Date,
): Promise<Written> {
  const file = readNews(told);
  const importing = startImporting({
    client: clientOf(tx),
    prisma: () => tx,
    now,
    by,
    file,
    whenTooSmall: told.whenTooSmall,
    onDone: () => undefined,
  });
  const revokedSeats = await writeTables(importing, { locksPools: true });
  requireWritten(importing);
  const written = summarize(importing, revokedSeats);
  if (written.customerIds.size > 0) await announceTokenChange(tx);
  return written;
}

function summarize({ file, decisions }: Importing, revokedSeats: readonly string[]): Written {
  const outcomes = [...decisions.values()].map(({ outcome }) => outcome);
  const isChanged = (row: FileRow) => {
    const outcome = decisions.get(row)?.outcome;
    return outcome === 'new' || outcome === 'changed';
  };
  const changedCustomers = file.rows.customers.filter(isChanged).map(({ columns }) => columns.id);
  const pools = POOL_TABLES.flatMap(table =>
    file.rows[table].filter(isChanged).map(row => ({ table, row })),
  );
  const billed = revokedSeats.length > 0 ? pools.map(({ row }) => row.columns.customer_id) : [];
  return {
    changedCount: outcomes.filter(outcome => outcome === 'new' || outcome === 'changed').length,
    staleCount: outcomes.filter(outcome => outcome === 'stale').length,
    pools: pools.map(({ table, row }) => ({ table, id: String(row.columns.id) })),
    customerIds: new Set([...changedCustomers, ...billed].map(String)),
    revokedSeats,
  };
}

async function readPools(
  { db }: Ctx,
  organizationId: string,
  pools: Written['pools'],
): Promise<SyncedPool[]> {
  const idsOf = (table: TableOfPool) =>
    pools.filter(pool => pool.table === table).map(({ id }) => id);
  const [subscriptions, orders] = [idsOf('subscriptions'), idsOf('orders')];
  const found = new Map<string, SyncedPool>();
  if (subscriptions.length > 0) {
    const where = { organizationId, id: { in: subscriptions } };
    for (const row of await db.subscription.findMany({ where })) {
      found.set(row.id, { kind: 'subscription', ...row });
    }
  }
  if (orders.length > 0) {
    const where = { organizationId, id: { in: orders } };
    for (const row of await db.order.findMany({ where }))
      found.set(row.id, { kind: 'order', ...row });
  }
  return pools.flatMap(({ id }) => found.get(id) ?? []);
}

/** Returns a client for raw SQL in a Prisma transaction. */
function clientOf(tx: Tx): SqlClient {
  return {
    async query<Row>(text: string, values: unknown[] = []) {
      return { rows: await tx.$queryRawUnsafe<Row[]>(text, ...values) };
    },
  };
}

/**
 * Rejects implausible times: one in the wrong unit, such as milliseconds for seconds, would be newer than all reports for
 * years.
 */
function requireTime({ asOf }: SyncBillingInput, now: Date): void {
  const latest = now.getTime() + MAX_AHEAD_MS;
  if (asOf.getUTCFullYear() >= 1 && asOf.getTime() <= latest) return;
  const message = 'must be in the year 1 or later, and at most 366 days ahead';
  throw new InvalidInput([{ path: ['asOf'], code: 'RANGE', message }]);
}

function requireSize(input: SyncBillingInput): void {
  const count = LISTS.reduce((sum, list) => sum + input[list].length, 0);
  if (count <= MAX_ROWS) return;
  const [longest] = LISTS.toSorted((a, b) => input[b].length - input[a].length);
  const message = `${count} rows are too many: at most ${MAX_ROWS} in all`;
  throw new InvalidInput([{ path: [longest ?? 'subscriptions'], code: 'TOO_MANY', message }]);
}

function requireNoProblems({ problems }: Pick<FileRows, 'problems'>): void {
  if (problems.length > 0) throw new InvalidInput(problems.map(toIssue));
}

/**
 * Throws the problems that the database reported: ResourceNotFound if they are only unknown rows, InvalidInput, or
 * PoolTooSmall.
 */
function requireWritten({ file: { problems }, tooSmall: [tooSmall] }: Importing): void {
  if (problems.length === 0) return;
  const others = problems.filter(({ code }) => code !== undefined);
  if (tooSmall !== undefined && others.length === 0) throw tooSmall;
  const [first] = others;
  if (first !== undefined && others.every(({ code }) => code === 'NOT_FOUND')) {
    throw new ResourceNotFound(`${toPath(first).join('.')}: ${first.message}`);
  }
  requireNoProblems({ problems: others });
  throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
}

function toIssue({ path, message, code = 'SYNTAX' }: Problem) {
  return { path: toPath({ path }), code, message };
}

function toPath({ path }: Pick<Problem, 'path'>): string[] {
  return path.split(/[.[\]]+/).filter(key => key !== '');
}
