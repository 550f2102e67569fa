import { type FileRow, poolOf } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { POOL_TABLES } from './tables/pools.ts';
import { hasSameHolder, hasSamePerson } from './tables/seats.ts';
import { batchesOf, findDifferences, type Importing, run } from './write-rows.ts';

/** What happens to the seats of a file. */
export interface SeatPlan {
  /** Rows to write. */
  rows: FileRow[];
  /** Those of them that take a live seat from its holder. */
  taken: FileRow[];
  /** Those of them that give a seat, or claim it; a seat that comes with its pool was given elsewhere, before. */
  given: FileRow[];
  /** Those of them that were changed by a verb, and stay so. */
  ours: Set<FileRow>;
  /** The ids of rows that are left out, since what happened here counts. */
  kept: Set<unknown>;
}

/**
 * Decides what happens to each seat of the file. A seat that a verb has given, claimed, revoked or invited to anew since
 * it was last imported keeps its state and its holder, and a note says so. The seats to write are locked, after their
 * pools, as every verb locks them.
 */
export async function planSeats(importing: Importing, rows: FileRow[]): Promise<SeatPlan> {
  const differences = await findDifferences(importing, 'seats', rows);
  importing.onDone(rows.length - differences.length);
  const plan: SeatPlan = { rows: [], taken: [], given: [], ours: new Set(), kept: new Set() };
  for (const batch of batchesOf(differences.map(({ row }) => row))) {
    for (const table of POOL_TABLES) await run(importing, LOCK_POOLS[table], batch);
    await run(importing, LOCK_SEATS, batch);
    for (const state of await run<State>(importing, COMPARE, batch)) {
      const row = batch[state.n];
      if (row) decide(importing, plan, row, state);
    }
  }
  return plan;
}

interface State {
  n: number;
  status: 'pending' | 'claimed' | 'revoked';
  /** The seat's status now; null for a new one. */
  was: State['status'] | null;
  isSamePerson: boolean;
  /** Whether besides it stays in the same pool. */
  isSameHolder: boolean;
  /** Whether a verb has changed the seat since an import wrote it. */
  isOurs: boolean;
  /** Whether the file says that it was revoked after that. */
  isLaterNews: boolean;
  /** Whether the file has another invitation than the seat. */
  hasOtherToken: boolean;
  holder: string | null;
  /** Whether the member whom the file names was removed. */
  isMemberRemoved: boolean;
}

function decide(importing: Importing, plan: SeatPlan, row: FileRow, state: State): void {
  const { status, was, isSameHolder, isOurs } = state;
  const reason = reasonToKeep(state);
  if (reason !== undefined) {
    plan.kept.add(row.columns.id);
    if (reason !== '') importing.notes.push({ path: row.path, message: reason });
    importing.onDone(1);
    return;
  }
  plan.rows.push(row);
  const isTaken = was !== null && was !== 'revoked' && (status === 'revoked' || !isSameHolder);
  const isLoaded = was === null && importing.newPools.has(poolOf(row));
  const isGiven =
    status !== 'revoked' &&
    !isLoaded &&
    (was === null || was === 'revoked' || isTaken || (was === 'pending' && status === 'claimed'));
  if (isTaken) plan.taken.push(row);
  if (isGiven) plan.given.push(row);
  if (isOurs && !isTaken && !isGiven) plan.ours.add(row);
  if (isOurs && !isTaken && !isGiven && state.hasOtherToken) {
    const message =
      'keeps the invitation that it was given here since; the token of the file is not taken';
    importing.notes.push({ path: row.path, message });
    Object.assign(row.columns, {
      invitation_token_hash: null,
      invitation_token_expires_at: null,
    });
  }
}

/** Why a row of the file is not taken; empty where nobody needs to know; undefined where it is. */
function reasonToKeep(state: State): string | undefined {
  const { status, was, isSamePerson, isOurs, isLaterNews, holder } = state;
  const who = holder === null ? '' : ` by ${holder}`;
  if (was === 'claimed' && status === 'pending' && isSamePerson) {
    return `stays claimed${who}: a file does not take a claim back`;
  }
  if (state.isMemberRemoved && status !== 'revoked' && !isSamePerson) {
    return 'is left out: its member was removed here';
  }
  if (!isOurs) return undefined;
  if (was === 'revoked') {
    if (status === 'revoked') return '';
    return 'stays revoked, as it was here since; to give it again, assign a seat';
  }
  if (status === 'revoked') {
    return isLaterNews
      ? undefined
      : `stays ${was}${who}, as it was here since; to take it, revoke the seat, or give a revokedAt later than that`;
  }
  return isSamePerson
    ? undefined
    : `stays ${was}${who}, to whom it was given here since; to give it to somebody else, revoke the seat first`;
}

/** Tells of seats whether they still are as an import left them: `i` is the mark of `old`. */
const CHANGED_HERE = `(old.id IS NOT NULL
  AND (i.id IS NULL OR i.modified_at IS DISTINCT FROM old.modified_at))`;

const seat = TABLES.seats;

const COMPARE = `
  SELECT f.n, f.status, old.status AS was,
         (${hasSamePerson}) AS "isSamePerson",
         (${hasSameHolder}) AS "isSameHolder",
         ${CHANGED_HERE} AS "isOurs",
         coalesce(f.revoked_at > coalesce(old.modified_at, old.created_at) AND f.revoked_at <= clock.now, false) AS "isLaterNews",
         coalesce(old.invitation_token_hash <> f.invitation_token_hash, false) AS "hasOtherToken",
         coalesce(old.email, holder.email) AS holder,
         member.deleted_at IS NOT NULL AS "isMemberRemoved"
    FROM ${fileRows(seat.columns)} LEFT JOIN customer_seats AS old ON ${sameKey(seat)}
    LEFT JOIN imported_seats AS i ON i.organization_id = old.organization_id AND i.id = old.id
    LEFT JOIN members AS holder ON holder.organization_id = old.organization_id AND holder.id = old.member_id
    ${seat.joins}
   ORDER BY f.n`;

const lockPools = (table: string, column: string) => `
  SELECT FROM ${table} AS p
   WHERE (p.organization_id, p.id) IN (
     SELECT f.organization_id, f.${column} FROM ${fileRows(seat.columns)}
      WHERE f.${column} IS NOT NULL
     UNION
     SELECT old.organization_id, old.${column}
       FROM ${fileRows(seat.columns)} JOIN customer_seats AS old ON ${sameKey(seat)}
      WHERE old.${column} IS NOT NULL)
   ORDER BY p.organization_id, p.id
     FOR NO KEY UPDATE`;

const LOCK_POOLS = {
  subscriptions: lockPools('subscriptions', 'subscription_id'),
  orders: lockPools('orders', 'order_id'),
};

const LOCK_SEATS = `
  SELECT FROM ${fileRows(seat.columns)} JOIN customer_seats AS old ON ${sameKey(seat)}
   ORDER BY old.organization_id, old.id
     FOR NO KEY UPDATE OF old`;
