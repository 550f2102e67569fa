import type pg from 'pg';
import { hashToken, newToken } from '../../src/auth/token.ts';

/** The kinds of subscriptions: what is assigned to at random, read at length, always assigned to, and listed whole. */
export type PoolKind = 'small' | 'large' | 'hot' | 'fifty';

/** How many subscriptions of each kind there are, and how many seats each of them holds from the start. */
export type Plan = Record<PoolKind, { pools: number; seats: number }>;

/** 10,000 seats in 3,002 subscriptions; those that are listed whole come on top. */
export const PLAN = {
  small: { pools: 3_000, seats: 3 },
  large: { pools: 1, seats: 1_000 },
  hot: { pools: 1, seats: 0 },
  fifty: { pools: 20, seats: 50 },
} as const satisfies Plan;

/** A row, and a token that may read and write it. */
export interface Owned {
  id: string;
  organizationId: string;
  token: string;
}

/** What there is to ask for. */
export type BenchData = Record<PoolKind | 'seats', Owned[]>;

/** What the e-mail addresses of assigned seats end in, so that those can be told from the rest. */
export const FRESH = '@fresh.example';

const ORGANIZATIONS = 10;
// More than can be assigned in any run.
const ROOM = 10_000_000;
const MAX_TARGETS = 10_000;

const ADD_PRODUCTS = `
  INSERT INTO products (organization_id, id, name)
  SELECT id, gen_random_uuid(), 'Team' FROM organizations`;

const PLAN_POOLS = `
  CREATE TEMP TABLE pools AS
  SELECT o.id AS organization_id, p.id AS product_id, gen_random_uuid() AS id,
         gen_random_uuid() AS customer_id, plan.kind, plan.seats, n
    FROM unnest($1::text[], $2::integer[], $3::integer[]) AS plan (kind, pools, seats)
   CROSS JOIN LATERAL generate_series(1, plan.pools) AS n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM organizations) AS o
      ON o.number = 1 + n % $4
    JOIN products p ON p.organization_id = o.id`;

const PLAN_SEATS = `
  CREATE TEMP TABLE places AS
  SELECT pools.*, place, gen_random_uuid() AS seat_id, gen_random_uuid() AS member_id,
         'person-' || place || '@' || kind || '-' || n || '.example' AS email
    FROM pools CROSS JOIN LATERAL generate_series(1, pools.seats) AS place`;

const ADD_CUSTOMERS = `
  INSERT INTO customers (organization_id, id, email, name)
  SELECT organization_id, customer_id, 'billing@' || kind || '-' || n || '.example', 'Customer ' || n
    FROM pools`;

const ADD_SUBSCRIPTIONS = `
  INSERT INTO subscriptions (organization_id, id, product_id, customer_id, seats)
  SELECT organization_id, id, product_id, customer_id, ${ROOM} FROM pools`;

const ADD_MEMBERS = `
  INSERT INTO members (organization_id, id, customer_id, email, name)
  SELECT organization_id, member_id, customer_id, email, 'Person ' || place FROM places`;

const ADD_SEATS = `
  INSERT INTO customer_seats
         (organization_id, id, created_at, subscription_id, status, customer_id, member_id, email, claimed_at)
  SELECT organization_id, seat_id, now() - make_interval(mins => place), id,
         CASE WHEN place % 5 = 0 THEN 'pending' ELSE 'claimed' END::seat_status,
         customer_id, member_id, email, CASE WHEN place % 5 = 0 THEN NULL ELSE now() END
    FROM places`;

/** Fills an empty database: organizations with a token each, subscriptions as planned, their members and seats. */
export async function loadData(client: pg.Client, plan: Plan): Promise<BenchData> {
  const tokens = await addOrganizations(client);
  await client.query(ADD_PRODUCTS);
  const kinds = Object.entries(plan);
  await client.query(PLAN_POOLS, [
    kinds.map(([kind]) => kind),
    kinds.map(([, { pools }]) => pools),
    kinds.map(([, { seats }]) => seats),
    ORGANIZATIONS,
  ]);
  for (const step of [PLAN_SEATS, ADD_CUSTOMERS, ADD_SUBSCRIPTIONS, ADD_MEMBERS, ADD_SEATS]) {
    await client.query(step);
  }
  await client.query('VACUUM ANALYZE');
  const targets = async (sql: string) => {
    const { rows } = await client.query<Omit<Owned, 'token'>>(
      `${sql} ORDER BY random() LIMIT ${MAX_TARGETS}`,
    );
    return rows.map(row => ({ ...row, token: tokens.get(row.organizationId) ?? '' }));
  };
  const pools = (kind: PoolKind) =>
    targets(`SELECT id, organization_id AS "organizationId" FROM pools WHERE kind = '${kind}'`);
  return {
    small: await pools('small'),
    large: await pools('large'),
    hot: await pools('hot'),
    fifty: await pools('fifty'),
    seats: await targets(
      `SELECT seat_id AS id, organization_id AS "organizationId" FROM places WHERE kind IN ('small', 'large')`,
    ),
  };
}

/** Adds them, and a token of each; returns the tokens by the organization's id. */
async function addOrganizations(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO organizations (id, slug, name)
     SELECT gen_random_uuid(), 'org-' || n, 'Organization ' || n FROM generate_series(1, $1::integer) AS n
     RETURNING id`,
    [ORGANIZATIONS],
  );
  const tokens = new Map(rows.map(({ id }) => [id, newToken('organization')]));
  for (const [id, token] of tokens) {
    await client.query(
      `INSERT INTO access_tokens (token_hash, id, organization_id, scopes)
       VALUES ($1, gen_random_uuid(), $2, '{customer_seats:read,customer_seats:write}')`,
      [hashToken(token), id],
    );
  }
  return tokens;
}

/** How many seats were assigned since the data were loaded, or last removed. */
export async function countAssigned(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM customer_seats WHERE email LIKE $1',
    [`%${FRESH}`],
  );
  return rows[0]?.count ?? 0;
}

/** Removes what was assigned, so that the next run begins where this one did. */
export async function removeAssigned(client: pg.Client): Promise<void> {
  await client.query('DELETE FROM customer_seats WHERE email LIKE $1', [`%${FRESH}`]);
  await client.query('DELETE FROM members WHERE email LIKE $1', [`%${FRESH}`]);
  await client.query('TRUNCATE outbox_events CASCADE');
  await client.query('VACUUM customer_seats, members, subscriptions');
}
