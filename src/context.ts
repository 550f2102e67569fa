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

/** The context of a request: everything that a verb needs beyond its input. */
export interface Ctx {
  readonly actor: Actor;
  /** What the actor uses: an API, or a page. */
  readonly channel: ActorChannel;
  readonly limits: CallerLimits;
  readonly db: Db;
  /** Hand-written SQL, on the same connections. */
  readonly sql: Sql;
  /** Caches the actor of each token. */
  readonly actors: Pick<Actors, 'forgetMembers' | 'forgetUser'>;
  /** The frequent reads. */
  readonly seats: SeatReader;
  /** `db`, `sql` and `seats` on the replica while it is up to date; undefined without a replica. */
  readonly reads?: Pick<Ctx, 'db' | 'sql' | 'seats'> | undefined;
  /** The primary's client, if `db` may read from a replica. */
  readonly primary?: Db;
  /** Assigns seats. */
  readonly assignments: Assignments;
  /** The open claim streams. */
  readonly claimStreams: ClaimStreams;
  /** The key from which invitation tokens are derived. */
  readonly secretKey: string;
  /** The previous key. Its tokens remain valid, but no new token is derived from it. */
  readonly previousSecretKey?: string | undefined;
  readonly changes: Pick<SeatChanges, 'announce' | 'onChange'>;
  /** The public URL of this server, such as `https://seats.example.com`, without a trailing slash. */
  readonly publicUrl: string;
  /** Whether webhooks may target private and loopback addresses. */
  readonly webhookPrivateAddresses: boolean;
  /** How often one seat's invitation can be resent. */
  readonly resendLimits: ResendLimits;
  /** Aborts when the server begins to shut down, so that pending waits end. */
  readonly stopping: AbortSignal;
  readonly now: () => Date;
  readonly requestId: string;
  /** The record of the request for the log and the metrics. */
  readonly record?: RequestRecord | undefined;
}
