import { type FileRow, poolName } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { POOL_TABLES } from './tables/pools.ts';
import { hasSameHolder, hasSamePerson } from './tables/seats.ts';
import { batchesOf, findDifferences, type Importing, run } from './write-rows.ts';

/** The decisions about the seats of a file. */
export interface SeatPlan {
  /** Rows to write. */
  rows: FileRow[];
  /** The rows to write that revoke a live seat, or move it to another holder or pool. */
  revoked: FileRow[];
  /** The rows to write that assign or claim a seat. Excludes seats of a new pool: another system has assigned those. */
  assigned: FileRow[];
  /** The rows to write whose seat was changed in usher since the last import and keeps that change. */
  changedInUsher: Set<FileRow>;
  /** The ids of rows that are skipped because a change in usher takes precedence. */
  kept: Set<unknown>;
}

/**
 * Decides the outcome of each seat of the file. A seat that was assigned, claimed, revoked or resent in usher since the last
 * import keeps its status and its holder, and a note says so. Locks the pools and then the seats to write, in the same
 * order as every verb.
 */
export async function planSeats(importing: Importing, rows: FileRow[]): Promise<SeatPlan> {
  const differences = await findDifferences(importing, 'seats', rows);
  importing.onDone(rows.length - differences.length);
  const plan: SeatPlan = {
    rows: [],
    revoked: [],
    assigned: [],
    changedInUsher: new Set(),
    kept: new Set(),
  };
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
  /** The current status of the seat; null for a new seat. */
  was: State['status'] | null;
  isSamePerson: boolean;
  /** Whether the person and the pool stay the same. */
  isSameHolder: boolean;
  /** Whether the seat was changed in usher since the last import. */
  isChangedInUsher: boolean;
  /** Whether the file revokes the seat at a later time than its last change in usher. */
  isRevokedLater: boolean;
  /** Whether the invitation token of the file differs from that of the seat. */
  hasOtherToken: boolean;
  holder: string | null;
  /** Whether the member of the file was removed in usher. */
  isMemberRemoved: boolean;
}

function decide(importing: Importing, plan: SeatPlan, row: FileRow, state: State): void {
  const { status, was, isSameHolder, isChangedInUsher } = state;
  const reason = reasonToKeep(state);
  if (reason !== undefined) {
    plan.kept.add(row.columns.id);
    if (reason !== '') importing.notes.push({ path: row.path, message: reason });
    importing.onDone(1);
    return;
  }
  plan.rows.push(row);
  const isRevoked = was !== null && was !== 'revoked' && (status === 'revoked' || !isSameHolder);
  const isLoaded = was === null && importing.newPools.has(poolName(row));
  const isAssigned =
    status !== 'revoked' &&
    !isLoaded &&
    (was === null || was === 'revoked' || isRevoked || (was === 'pending' && status === 'claimed'));
  if (isRevoked) plan.revoked.push(row);
  if (isAssigned) plan.assigned.push(row);
  if (isChangedInUsher && !isRevoked && !isAssigned) plan.changedInUsher.add(row);
  if (isChangedInUsher && !isRevoked && !isAssigned && state.hasOtherToken) {
    const message = 'keeps the invitation that was sent in usher since the last import';
    importing.notes.push({ path: row.path, message });
    Object.assign(row.columns, {
      invitation_token_hash: null,
      invitation_nonce: null,
      invitation_token_expires_at: null,
    });
  }
}

/** Returns why a row is skipped: undefined if it is written, empty if the reason needs no note. */
function reasonToKeep(state: State): string | undefined {
  const { status, was, isSamePerson, isChangedInUsher, isRevokedLater, holder } = state;
  const who = holder === null ? '' : ` by ${holder}`;
  if (was === 'claimed' && status === 'pending' && isSamePerson) {
    return `stays claimed${who}: an import does not undo a claim`;
  }
  if (state.isMemberRemoved && status !== 'revoked' && !isSamePerson) {
    return 'is skipped: its member was removed in usher';
  }
  if (!isChangedInUsher) return undefined;
  if (was === 'revoked') {
    if (status === 'revoked') return '';
    return 'stays revoked: it was revoked in usher since the last import. To restore access, assign a seat';
  }
  if (status === 'revoked') {
    return isRevokedLater
      ? undefined
      : `stays ${was}${who}: it was changed in usher since the last import. To revoke it, revoke it in usher or set a later revokedAt`;
  }
  return isSamePerson
    ? undefined
    : `stays ${was}${who}: it was assigned in usher since the last import. To assign it to another person, revoke it first`;
}

/** SQL: whether a seat was changed in usher since the last import. `i` is the mark of `old`. */
const CHANGED_IN_USHER = `(old.id IS NOT NULL
  AND (i.id IS NULL OR i.modified_at IS DISTINCT FROM old.modified_at))`;

const seat = TABLES.seats;

const COMPARE = `
  SELECT f.n, f.status, old.status AS was,
         (${hasSamePerson}) AS "isSamePerson",
         (${hasSameHolder}) AS "isSameHolder",
         ${CHANGED_IN_USHER} AS "isChangedInUsher",
         coalesce(f.revoked_at > coalesce(old.modified_at, old.created_at) AND f.revoked_at <= clock.now, false) AS "isRevokedLater",
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
