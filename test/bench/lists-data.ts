import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { hashToken, newToken } from '../../src/auth/token.ts';

// One organization with very many seats, and the lists of them.

const organization = randomUUID();
const product = randomUUID();
const rareProduct = randomUUID();
/** Customers with a tenth of all seats, with 1,000, and with 100 pools of 100. */
const customers = { large: randomUUID(), middle: randomUUID(), many: randomUUID() };
const pools = { large: randomUUID(), middle: randomUUID() };
export const token = newToken('organization');

const insertsOf = (seats: number) => [
  `INSERT INTO organizations (id, slug, name) VALUES ('${organization}', 'acme', 'Acme')`,
  `INSERT INTO products (organization_id, id, name) VALUES ('${organization}', '${product}', 'Team'), ('${organization}', '${rareProduct}', 'Rare')`,
  `CREATE TEMP TABLE p AS
   SELECT CASE n WHEN 1 THEN '${pools.large}'::uuid WHEN 2 THEN '${pools.middle}'::uuid ELSE gen_random_uuid() END AS id,
          CASE n WHEN 1 THEN '${customers.large}'::uuid WHEN 2 THEN '${customers.middle}'::uuid
                 ELSE CASE WHEN n <= 102 THEN '${customers.many}'::uuid ELSE gen_random_uuid() END END AS customer_id,
          CASE n WHEN 1 THEN ${seats / 10} WHEN 2 THEN 1000 ELSE 100 END AS seats,
          CASE WHEN n = 50 THEN '${rareProduct}'::uuid ELSE '${product}'::uuid END AS product_id, n
     FROM generate_series(1, 2 + ${Math.floor((seats * 0.9 - 1000) / 100)}) AS n`,
  `INSERT INTO customers (organization_id, id, email, name, created_at)
   SELECT DISTINCT ON (customer_id) '${organization}'::uuid, customer_id, 'billing@company-' || n || '.example', 'Company ' || n,
          now() - make_interval(mins => n) FROM p`,
  `INSERT INTO subscriptions (organization_id, id, product_id, customer_id, seats, created_at)
   SELECT '${organization}', id, product_id, customer_id, seats, now() - make_interval(mins => n) FROM p`,
  `CREATE TEMP TABLE s AS
   SELECT p.id AS pool_id, p.customer_id, p.n, i, gen_random_uuid() AS id, gen_random_uuid() AS member_id,
          (ARRAY['Anna','Ben','Chloe','David','Emma','Felix','Grace','Henry','Ida','Jonas'])[1 + (i * 7 + p.n) % 10] || ' ' ||
          (ARRAY['Miller','Ramirez','Okafor','Nguyen','Schmidt','Rossi','Tanaka','Kowalski','Haddad','Olsen'])[1 + (i * 3 + p.n / 7) % 10] AS name,
          md5(p.n || '-' || i) AS hash, random() AS r
     FROM p CROSS JOIN LATERAL generate_series(1, p.seats) AS i`,
  `INSERT INTO members (organization_id, id, customer_id, email, name, external_id, created_at)
   SELECT '${organization}', member_id, customer_id, left(hash, 9) || '@company-' || n || '.example',
          CASE WHEN n = 2 AND i = 77 THEN 'Wilhelmina Featherstone' ELSE name END, 'usr_' || right(hash, 8), now() - make_interval(secs => r * 1e7) FROM s`,
  `ALTER TABLE customer_seats DISABLE TRIGGER USER`,
  `INSERT INTO customer_seats (organization_id, id, subscription_id, status, customer_id, member_id, email, created_at, assigned_at,
                               claimed_at, revoked_at, invitation_token_hash, invitation_token_expires_at, metadata)
   SELECT '${organization}', id, pool_id, status, CASE WHEN status <> 'revoked' THEN customer_id END,
          CASE WHEN status <> 'revoked' THEN member_id END,
          CASE WHEN status <> 'revoked' THEN left(hash, 9) || '@company-' || n || '.example' END, at, at + interval '1 hour' * r,
          CASE status WHEN 'claimed' THEN at + interval '3 hours' END, CASE status WHEN 'revoked' THEN now() END,
          sha256(hash::bytea), at + interval '7 days', CASE WHEN i % 50 = 0 THEN '{"team":"red"}'::jsonb ELSE '{}' END
     FROM (SELECT s.*, now() - make_interval(secs => r * 1e7) AS at,
                  (CASE WHEN r > 0.995 THEN 'revoked' WHEN r < 0.0005 OR hashtext(hash) % 10 = 0 THEN 'pending' ELSE 'claimed' END)::seat_status AS status FROM s) AS s`,
  `ALTER TABLE customer_seats ENABLE TRIGGER USER`,
  `UPDATE subscriptions SET seats_used = c.used, seats_revoked = c.revoked
     FROM (SELECT subscription_id, count(*) FILTER (WHERE status <> 'revoked') AS used, count(*) FILTER (WHERE status = 'revoked') AS revoked
             FROM customer_seats GROUP BY 1) AS c WHERE c.subscription_id = subscriptions.id`,
  'VACUUM ANALYZE',
];

/** Fills a database with one organization of so many seats. */
export async function loadSeats(client: pg.Client, seats: number): Promise<void> {
  for (const statement of insertsOf(seats)) await client.query(statement);
  await client.query(
    'INSERT INTO access_tokens (id, token_hash, organization_id, scopes) VALUES ($1, $2, $3, $4)',
    [randomUUID(), hashToken(token), organization, ['customer_seats:read']],
  );
}

const NODE = 'nodes { id status email member { name } } pageInfo { endCursor hasNextPage }';
const SCOPES = {
  organization: (args: string) => `{ customerSeats(first: 100${args}) { ${NODE} } }`,
  'pool of a tenth': (args: string) =>
    `{ seatPool(source: { subscriptionId: "${pools.large}" }) { seats(first: 100${args}) { ${NODE} } } }`,
  'pool of 1,000': (args: string) =>
    `{ seatPool(source: { subscriptionId: "${pools.middle}" }) { seats(first: 100${args}) { ${NODE} } } }`,
  'customer with 100 pools': (args: string) =>
    `{ customer(by: { id: "${customers.many}" }) { seats(first: 100${args}) { ${NODE} } } }`,
};
const ORDERS = ['CREATED_AT', 'ASSIGNED_AT', 'CLAIMED_AT', 'EMAIL', 'INVITATION_EXPIRES_AT'];
const soon = new Date(Date.now() + 3_600_000).toISOString();
const now = new Date().toISOString();
const FILTERS = {
  'search: a rare name': '{ search: "featherst" }',
  'search: 10 % of names': '{ search: "Okafor" }',
  'search: all addresses': '{ search: "company" }',
  'search: nothing': '{ search: "nobody at all" }',
  'search: part of an id': '{ search: "usr_abc" }',
  email: '{ email: "someone@company-5.example" }',
  pending: '{ status: [PENDING] }',
  revoked: '{ status: [REVOKED] }',
  'expires soon': `{ invitationState: [OPEN], invitationExpiresAt: { since: "${now}", before: "${soon}" } }`,
  expired: '{ invitationState: [EXPIRED] }',
  'rare product': `{ productIds: ["${rareProduct}"] }`,
  'frequent product': `{ productIds: ["${product}"] }`,
  metadata: '{ metadata: [{ key: "team", value: "red" }] }',
  'no such metadata': '{ metadata: [{ key: "team", value: "green" }] }',
  'claimed in an hour': `{ claimedAt: { since: "${new Date(Date.now() - 3_600_000).toISOString()}" } }`,
};

/** The document of each list, by what it lists. */
export const LISTS: Record<string, string> = {
  'customers of the organization':
    '{ organization { customers(first: 100) { nodes { id name } } } }',
  'subscriptions of the organization':
    '{ organization { subscriptions(first: 100) { nodes { id } } } }',
  'members of a customer': `{ customer(by: { id: "${customers.large}" }) { members(first: 100) { nodes { id name } } } }`,
  'usage of the organization': '{ organization { usage { total pending claimed } } }',
  'usage of a pool of a tenth': `{ seatPool(source: { subscriptionId: "${pools.large}" }) { usage { total pending expiredInvitations } } }`,
  'totalCount of the organization': '{ customerSeats(first: 1) { totalCount } }',
  'page of 100 with members and pools':
    '{ customerSeats(first: 100, orderBy: { field: EMAIL }) { nodes { id member { name email } pool { id seatAvailability } } } }',
  'the same with the pools’ customers':
    '{ customerSeats(first: 100, orderBy: { field: EMAIL }) { nodes { id member { name email } pool { id customer { name } } } } }',
};
for (const [scope, document] of Object.entries(SCOPES)) {
  for (const field of ORDERS) {
    for (const direction of ['ASC', 'DESC']) {
      LISTS[`${scope}: ${field} ${direction}`] = document(
        `, orderBy: { field: ${field}, direction: ${direction} }`,
      );
    }
  }
}
for (const [name, filter] of Object.entries(FILTERS)) {
  for (const [scope, document] of Object.entries(SCOPES)) {
    LISTS[`${scope}: ${name}`] = document(`, filter: ${filter}`);
  }
  LISTS[`organization: ${name}, by EMAIL`] = SCOPES.organization(
    `, filter: ${filter}, orderBy: { field: EMAIL }`,
  );
}
