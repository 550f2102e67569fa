import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

// The limit that the rest is held against: a bare server with hand-written SQL over the same tables. It answers the
// same, and does nothing besides: no GraphQL, no look at what it is sent, nobody is asked who they are.

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

const MEMBER_COLUMNS = 'm.id AS holder_id, m.email AS holder_email, m.name AS holder_name';

const SEAT = {
  name: 'seat',
  text: `SELECT s.id, s.status, s.email, ${MEMBER_COLUMNS}
           FROM customer_seats s
           LEFT JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
          WHERE s.organization_id = $1 AND s.id = $2`,
};

const POOL = {
  name: 'pool',
  text: 'SELECT seats, seats_used FROM subscriptions WHERE organization_id = $1 AND id = $2',
};

const COUNTS = {
  name: 'counts',
  text: `SELECT p.seats, p.seats_used,
                count(*) FILTER (WHERE s.status = 'pending')::integer AS pending,
                count(*) FILTER (WHERE s.status = 'claimed')::integer AS claimed
           FROM subscriptions p
           LEFT JOIN customer_seats s ON s.organization_id = p.organization_id AND s.subscription_id = p.id
          WHERE p.organization_id = $1 AND p.id = $2
          GROUP BY p.seats, p.seats_used`,
};

const PAGE = {
  name: 'page',
  text: `SELECT s.id, s.status, s.email, ${MEMBER_COLUMNS}
           FROM customer_seats s
           LEFT JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
          WHERE s.organization_id = $1 AND s.subscription_id = $2
          ORDER BY s.created_at, s.id LIMIT 50`,
};

const LIST = {
  name: 'list',
  text: `SELECT s.*, m.created_at AS holder_created_at, m.modified_at AS holder_modified_at,
                m.customer_id AS holder_customer_id, m.external_id AS holder_external_id, m.role AS holder_role,
                ${MEMBER_COLUMNS}
           FROM customer_seats s
           LEFT JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
          WHERE s.organization_id = $1 AND s.subscription_id = $2
          ORDER BY s.created_at, s.id`,
};

const LOCK = {
  name: 'lock',
  text: 'SELECT seats, customer_id FROM subscriptions WHERE organization_id = $1 AND id = $2 FOR UPDATE',
};

const COUNT_LIVE = {
  name: 'count_live',
  text: `SELECT count(*)::integer AS live FROM customer_seats
          WHERE organization_id = $1 AND subscription_id = $2 AND status <> 'revoked'`,
};

const FIND_MEMBER = {
  name: 'find_member',
  text: `SELECT * FROM members
          WHERE organization_id = $1 AND customer_id = $2 AND lower(email) = lower($3) AND deleted_at IS NULL`,
};

const ADD_MEMBER = {
  name: 'add_member',
  text: `INSERT INTO members (organization_id, id, customer_id, email) VALUES ($1, $2, $3, $4) RETURNING *`,
};

const FIND_LIVE = {
  name: 'find_live',
  text: `SELECT 1 FROM customer_seats
          WHERE organization_id = $1 AND subscription_id = $2 AND member_id = $3 AND status <> 'revoked'`,
};

const ADD_SEAT = {
  name: 'add_seat',
  text: `INSERT INTO customer_seats
                (organization_id, id, subscription_id, status, customer_id, member_id, email, invitation_token_expires_at)
         VALUES ($1, $2, $3, 'pending', $4, $5, $6, now() + interval '24 hours') RETURNING *`,
};

const ADD_EVENT = {
  name: 'add_event',
  text: `INSERT INTO outbox_events (organization_id, id, type, seat_id, payload, actor_kind, actor_channel)
         VALUES ($1, $2, 'customer_seat.assigned', $3, $4, 'organization', 'rest')`,
};

type Row = Record<string, unknown>;
type Queryable = Pick<pg.Pool, 'query'> | pg.PoolClient;

async function ask(client: Queryable, query: { name: string; text: string }, values: unknown[]) {
  const { rows } = await client.query<Row>({ ...query, values });
  return rows;
}

/** Eight round trips: who was not there cannot hold a seat yet, and who was there need not be made. */
async function assign(input: Row): Promise<unknown> {
  const client = await pool.connect();
  const organization = input.organization_id;
  const subscription = input.subscription_id;
  try {
    await client.query('BEGIN');
    const [container] = await ask(client, LOCK, [organization, subscription]);
    const [{ live } = {}] = await ask(client, COUNT_LIVE, [organization, subscription]);
    if (!container || Number(live) >= Number(container.seats)) throw new Error('No seat is free.');
    const customer = container.customer_id;
    let [member] = await ask(client, FIND_MEMBER, [organization, customer, input.email]);
    if (member) {
      const held = await ask(client, FIND_LIVE, [organization, subscription, member.id]);
      if (held.length > 0) throw new Error('A seat is held already.');
    } else {
      [member] = await ask(client, ADD_MEMBER, [organization, randomUUID(), customer, input.email]);
    }
    const [row] = await ask(client, ADD_SEAT, [
      organization,
      randomUUID(),
      subscription,
      customer,
      member?.id,
      input.email,
    ]);
    const seat = restSeat({ ...row }, member ? restMember(member) : null);
    await ask(client, ADD_EVENT, [organization, randomUUID(), seat.id, JSON.stringify(seat)]);
    await client.query('COMMIT');
    return seat;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

function shortSeat({ id, status, email, holder_id, holder_email, holder_name }: Row) {
  return {
    id,
    status,
    email,
    member: holder_id ? { id: holder_id, email: holder_email, name: holder_name } : null,
  };
}

function restSeat(row: Row, member: Row | null) {
  return {
    created_at: row.created_at,
    modified_at: row.modified_at,
    id: row.id,
    subscription_id: row.subscription_id,
    order_id: row.order_id,
    status: row.status,
    customer_id: row.customer_id,
    member_id: row.member_id,
    member,
    email: row.email,
    customer_email: row.email,
    invitation_token_expires_at: row.invitation_token_expires_at,
    claimed_at: row.claimed_at,
    revoked_at: row.revoked_at,
    seat_metadata: row.metadata,
  };
}

function restMember(row: Row): Row {
  const { id, created_at, modified_at, customer_id, email, name, external_id, role } = row;
  return { id, created_at, modified_at, customer_id, email, name, external_id, role };
}

/** The holder's columns of a joined row. */
function holderOf(row: Row): Row | null {
  if (!row.holder_id) return null;
  return {
    id: row.holder_id,
    created_at: row.holder_created_at,
    modified_at: row.holder_modified_at,
    customer_id: row.holder_customer_id,
    email: row.holder_email,
    name: row.holder_name,
    external_id: row.holder_external_id,
    role: row.holder_role,
  };
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const [, task, organization, id] = (request.url ?? '').split('/');
  switch (task) {
    case 'seat': {
      const [row] = await ask(pool, SEAT, [organization, id]);
      return row && shortSeat(row);
    }
    case 'subscription': {
      const [[counts], page] = await Promise.all([
        ask(pool, COUNTS, [organization, id]),
        ask(pool, PAGE, [organization, id]),
      ]);
      return {
        totalSeats: counts?.seats,
        availableSeats: Number(counts?.seats) - Number(counts?.seats_used),
        pendingSeats: counts?.pending,
        claimedSeats: counts?.claimed,
        seats: { nodes: page.map(shortSeat) },
      };
    }
    case 'list': {
      const [[container], rows] = await Promise.all([
        ask(pool, POOL, [organization, id]),
        ask(pool, LIST, [organization, id]),
      ]);
      return {
        seats: rows.map(row => restSeat(row, holderOf(row))),
        available_seats: Number(container?.seats) - Number(container?.seats_used),
        total_seats: container?.seats,
      };
    }
    case 'assign': {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      return await assign(JSON.parse(Buffer.concat(chunks).toString()));
    }
    default:
      return undefined;
  }
}

const server = createServer((request, response) => {
  answer(request).then(
    value => {
      const body = JSON.stringify(value) ?? '';
      response
        .writeHead(value === undefined ? 404 : 200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        })
        .end(body);
    },
    (error: unknown) => response.writeHead(400).end(String(error)),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// A listening TCP server has an address of this kind.
const { port } = server.address() as AddressInfo;
process.stdout.write(`http://127.0.0.1:${port}\n`);
