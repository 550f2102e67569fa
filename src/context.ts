import type { Actor } from './auth/actor.ts';
import type { Actors } from './auth/actors.ts';
import type { Db } from './db/client.ts';
import type { ActorChannel } from './db/generated/prisma/enums.ts';
import type { Sql } from './db/sql.ts';
import type { SeatChanges } from './events/seat-changes.ts';
import type { RequestRecord } from './observability/request-record.ts';
import type { CallerLimits } from './rate-limits/rate-limits.ts';
import type { ClaimStreams } from './seats/invitation/claim-streams.ts';
import type { SeatReader } from './seats/read/reader.ts';
import type { ResendLimits } from './seats/rules/seat.ts';
import type { Assignments } from './seats/store/assignments.ts';

/** The context of a request: everything that a verb needs besides its input. */
export interface Ctx {
  readonly actor: Actor;
  /** What the actor uses: an API, or a page. */
  readonly channel: ActorChannel;
  readonly limits: CallerLimits;
  readonly db: Db;
  /** Hand-written SQL, on the same connections. */
  readonly sql: Sql;
  /** Cache of the actors that tokens stand for. */
  readonly actors: Pick<Actors, 'forgetMembers' | 'forgetUser'>;
  /** The frequent reads. */
  readonly seats: SeatReader;
  /** The same three, answered by a replica where it is up to date; undefined without one. */
  readonly reads?: Pick<Ctx, 'db' | 'sql' | 'seats'> | undefined;
  /** The primary's client, where `db` may read from a replica. */
  readonly primary?: Db;
  /** Assigns seats. */
  readonly assignments: Assignments;
  /** The open claim streams. */
  readonly claimStreams: ClaimStreams;
  /** The key from which invitation tokens are derived. */
  readonly secretKey: string;
  /** The key before it. Its tokens are still good, and none is derived from it any more. */
  readonly previousSecretKey?: string | undefined;
  readonly changes: Pick<SeatChanges, 'announce' | 'onChange'>;
  /** Where people reach this server, such as `https://seats.example.com`, without a slash at the end. */
  readonly publicUrl: string;
  /** Whether webhooks may lead to private and loopback addresses. */
  readonly webhookPrivateAddresses: boolean;
  /** How often one seat's invitation can be resent. */
  readonly resendLimits: ResendLimits;
  /** Aborts when the server begins to shut down: what waits for something should end. */
  readonly stopping: AbortSignal;
  readonly now: () => Date;
  readonly requestId: string;
  /** What the log and the metrics tell of the request. */
  readonly record?: RequestRecord | undefined;
}
