import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Db } from '../db/client.ts';
import type { Job } from '../events/job.ts';
import { MOST_ATTEMPTS, retryDelay } from '../events/retry.ts';
import { timestamp } from '../seats/view.ts';
import { type Attempt, GONE, recordAttempts } from './record.ts';
import { askedToWait } from './retry-after.ts';
import type { Answer, Sender } from './send.ts';
import { type SigningKeys, signedHeaders } from './sign.ts';
import {
  type DueDelivery,
  dueDeliveries,
  endLease,
  type Lease,
  leaseEndpoints,
  renewLease,
} from './take.ts';

export interface DeliverOptions {
  db: Db;
  sender: Sender;
  logger: Logger;
  now: () => Date;
  /** The delay that doubles with each failed attempt, in milliseconds. */
  retryDelayMs: number;
}

const POLL_MS = 1_000;
// Endpoints that are served at the same time, and the most that one of them is sent at once.
const LANES = 100;
const WIDEST = 32;
// Longer than an attempt takes and is written down, so that no other process begins one meanwhile.
const LEASE_MS = 20_000;
const SLICE_MS = 5_000;
const LONGEST_ERROR = 500;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

/**
 * Delivers to webhook endpoints. A process has an endpoint to itself while it delivers there, so that a receiver that
 * never answers holds up its own deliveries alone. Each delivery is attempted until the receiver answers 2xx, ten
 * times at the most, and before the next one of its seat. A receiver that asks to be left alone is sent nothing until then.
 */
export function createDeliverJob(options: DeliverOptions): Job {
  const { db, logger, now } = options;
  const leasedBy = randomUUID();
  const lanes = new Set<Promise<void>>();

  async function serve(lease: Lease, stop: AbortSignal): Promise<void> {
    try {
      await serveEndpoint(options, lease, stop, () => lanes.size >= LANES);
    } catch (error) {
      // What was sent and could not be written down is sent again, once the lease has run out.
      logger.error(
        { err: error, endpointId: lease.endpointId },
        'could not deliver to an endpoint',
      );
    }
  }

  return {
    name: 'webhooks',
    pollMs: POLL_MS,
    isUrgent: true,
    async run(stop) {
      if (lanes.size >= LANES) await Promise.race(lanes);
      const at = now();
      const until = new Date(at.getTime() + LEASE_MS);
      const leases = await leaseEndpoints(db, leasedBy, LANES - lanes.size, { now: at, until });
      for (const lease of leases) {
        const lane = serve(lease, stop).finally(() => lanes.delete(lane));
        lanes.add(lane);
      }
      return leases.length > 0;
    },
    settle: async () => void (await Promise.all(lanes)),
  };
}

/**
 * Sends what is due, one delivery of a seat at a time. It begins with one at once and doubles while all goes well, so
 * that a receiver in trouble is not flooded. Where other endpoints wait for a lane, a failure or the end of its time makes it
 * give way.
 */
async function serveEndpoint(
  options: DeliverOptions,
  lease: Lease,
  stop: AbortSignal,
  isCrowded: () => boolean,
): Promise<void> {
  const { db, logger, now } = options;
  const { organizationId, endpointId } = lease;
  const started = performance.now();
  let width = 1;
  while (!stop.aborted) {
    const endpoint = await renewLease(db, lease, new Date(now().getTime() + LEASE_MS));
    if (endpoint === undefined) return;
    const { deliveries, putOff } = await dueDeliveries(db, lease, width, now());
    if (deliveries.length === 0) {
      if (putOff > 0) continue;
      break;
    }
    const attempts = await Promise.all(
      deliveries.map(delivery => attempt(options, endpoint, delivery)),
    );
    if (await recordAttempts(db, lease, attempts, now())) {
      logger.warn(
        { organizationId, endpointId },
        'disabled a webhook endpoint that is gone or kept failing',
      );
      break;
    }
    const heldUntil = attempts.flatMap(attempt => attempt.holdsUntil ?? []);
    if (heldUntil.length > 0) {
      // A lease that nobody has and that lasts: whoever asks for endpoints to serve passes this one over.
      await endLease(db, lease, new Date(Math.max(...heldUntil.map(Number))));
      return;
    }
    const isWell = attempts.every(({ status }) => status === 'succeeded');
    if (isCrowded() && (!isWell || performance.now() - started > SLICE_MS)) break;
    width = isWell ? Math.min(width * 2, WIDEST) : Math.ceil(width / 4);
  }
  await endLease(db, lease, now());
}

async function attempt(
  { sender, now, retryDelayMs }: DeliverOptions,
  endpoint: { url: string } & SigningKeys,
  { id, attempts, eventId, type, createdAt, payload }: DueDelivery,
): Promise<HoldingAttempt> {
  const attemptedAt = now();
  const started = performance.now();
  const data: unknown = JSON.parse(payload);
  const body = JSON.stringify({ type, timestamp: timestamp(createdAt), data });
  const result = await answerOf(() =>
    sender.post(endpoint.url, signedHeaders(endpoint, eventId, body, attemptedAt), body),
  );
  const responseStatus = 'status' in result ? result.status : null;
  const isTaken = responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
  const failures = isTaken ? 0 : attempts + 1;
  const isLast = failures >= MOST_ATTEMPTS || responseStatus === GONE;
  const answeredAt = now();
  const asked = 'status' in result ? askedToWait(result.retryAfter, answeredAt) : 0;
  const isThrottled =
    responseStatus === TOO_MANY_REQUESTS || (responseStatus === UNAVAILABLE && asked > 0);
  const delay = Math.max(retryDelay(failures, retryDelayMs), isThrottled ? asked : 0);
  const nextAttemptAt = new Date(answeredAt.getTime() + delay);
  return {
    id,
    status: isTaken ? 'succeeded' : isLast ? 'failed' : 'pending',
    attemptedAt,
    durationMs: Math.round(performance.now() - started),
    nextAttemptAt,
    responseStatus,
    responseBody: 'status' in result ? result.body : null,
    error: 'error' in result ? result.error : null,
    ...(isThrottled && { holdsUntil: nextAttemptAt }),
  };
}

/** An attempt, and until when the receiver asks to be sent nothing at all. */
type HoldingAttempt = Attempt & { holdsUntil?: Date };

async function answerOf(post: () => Promise<Answer>): Promise<Answer | { error: string }> {
  try {
    return await post();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { error: reason.slice(0, LONGEST_ERROR).replaceAll('\0', '') };
  }
}
