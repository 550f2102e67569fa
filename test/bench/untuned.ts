import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { createYoga } from 'graphql-yoga';
import { pino } from 'pino';
import { authenticate, bearerToken } from '../../src/auth/authenticate.ts';
import { hashToken } from '../../src/auth/token.ts';
import type { Ctx } from '../../src/context.ts';
import { PrismaClient } from '../../src/db/generated/prisma/client.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { createRateLimits, UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import { CLAIM_STREAMS, createClaimStreams } from '../../src/seats/invitation/claim-streams.ts';
import { createSeatReader } from '../../src/seats/read/reader.ts';
import { RESEND_LIMITS } from '../../src/seats/rules/seat.ts';
import { createAssignments } from '../../src/seats/store/assignments.ts';
import { schema } from './untuned-schema.ts';

// usher's rules on Yoga, Pothos and Prisma put together as their documents show it: what usher does beyond that is what
// the two differ in.

const { DATABASE_URL: databaseUrl = '', SECRET_KEY: secretKey = '' } = process.env;

const db = new PrismaClient({
  adapter: new PrismaPg({ connectionString: databaseUrl, max: 10, options: '-c TimeZone=UTC' }),
});
/** All SQL goes by way of Prisma here. */
const viaPrisma: Sql = {
  rows: <Row extends object>({ text }: { text: string }, values: readonly unknown[]) =>
    db.$queryRawUnsafe<Row[]>(text, ...values),
  tuples: () => Promise.reject(new Error('Prisma gives no tuples.')),
  lookAndWrite: () => Promise.reject(new Error('Prisma sends one query after another.')),
};

async function actorOf(authorization: string | null) {
  const token = bearerToken(authorization);
  if (token === undefined) return { kind: 'anonymous' } as const;
  return (await authenticate(viaPrisma, hashToken(token), new Date())).actor;
}

const changes = openSeatChanges(databaseUrl, db, pino({ level: 'warn' }, pino.destination(2)));
const stopping = new AbortController();
const limits = createRateLimits(UNLIMITED, () => 0).admit({}, undefined);

const yoga = createYoga({
  schema,
  context: async ({ request }): Promise<Ctx> => ({
    actor: await actorOf(request.headers.get('authorization')),
    channel: 'graphql',
    limits,
    db,
    sql: viaPrisma,
    seats: createSeatReader(viaPrisma),
    assignments: createAssignments(viaPrisma, { secretKey, now: () => new Date() }),
    claimStreams: createClaimStreams(CLAIM_STREAMS),
    actors: { forgetMembers: () => undefined, forgetUser: () => undefined },
    secretKey,
    changes,
    publicUrl: 'http://127.0.0.1',
    webhookPrivateAddresses: false,
    resendLimits: RESEND_LIMITS,
    stopping: stopping.signal,
    now: () => new Date(),
    requestId: randomUUID(),
  }),
});

const server = createServer(yoga).listen(0, '127.0.0.1');
await once(server, 'listening');
// A listening TCP server has an address of this kind.
const { port } = server.address() as AddressInfo;
process.stdout.write(`http://127.0.0.1:${port}\n`);
