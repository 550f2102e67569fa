import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Db } from '../db/client.ts';
import type { Job } from '../events/job.ts';
import { MAX_ATTEMPTS, retryDelay } from '../events/retry.ts';
import { timestamp } from '../seats/view.ts';
import { type Attempt, GONE, recordAttempts } from './record.ts';
import { retryAfterMs } from './retry-after.ts';
import { NOT_OPENED } from './seal-job.ts';
import type { SealingKeys } from './sealed-secret.ts';
import type { Answer, Sender } from './send.ts';
import { type SigningKeys, signedHeaders } from './sign.ts';
import { openSecrets } from './stored-secrets.ts';
import {
  type DueDelivery,
  dueDeliveries,
  endLease,
  type Lease,
  leaseEndpoints,
  noteReason,
  renewLease,
} from './take.ts';

export interface DeliverOptions extends SealingKeys {
  db: Db;
  sender: Sender;
  logger: Logger;
  now: () => Date;
  /** Base delay between attempts, in milliseconds. It doubles with each failed attempt. */
  retryDelayMs: number;
}

const POLL_MS = 1_000;
// Endpoints that a process serves concurrently.
const SLOTS = 100;
// Concurrent requests to one endpoint.
const MAX_CONCURRENCY = 32;
// Longer than an attempt and its recording take, so that no other process starts one meanwhile.
const LEASE_MS = 20_000;
const SLICE_MS = 5_000;
const KEY_PAUSE_MS = 60_000;
const LONGEST_ERROR = 500;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

/**
 * Returns the job that delivers to webhook endpoints. A process leases an endpoint while it delivers to it, so that a
 * receiver that never answers delays only its own deliveries. A delivery is attempted until the receiver answers 2xx, at
 * most ten times. The deliveries of one seat are sent in order. After a `Retry-After`, the endpoint receives nothing until
 * that time. While no known key decrypts an endpoint's secret, its deliveries wait, and record that as the reason.
 */
export function createDeliverJob(options: DeliverOptions): Job {
  const { db, logger, now } = options;
  const leasedBy = randomUUID();
  const slots = new Set<Promise<void>>();

  async function serve(lease: Lease, stop: AbortSignal): Promise<void> {
    try {
      await serveEndpoint(options, lease, stop, () => slots.size >= SLOTS);
    } catch (error) {
      // Attempts that were not recorded are repeated after the lease expires.
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
      if (slots.size >= SLOTS) await Promise.race(slots);
      const at = now();
      const until = new Date(at.getTime() + LEASE_MS);
      const leases = await leaseEndpoints(db, leasedBy, SLOTS - slots.size, { now: at, until });
      for (const lease of leases) {
        const slot = serve(lease, stop).finally(() => slots.delete(slot));
        slots.add(slot);
      }
      return leases.length > 0;
    },
    drain: async () => void (await Promise.all(slots)),
  };
}

/**
 * Sends the due deliveries, one per seat at a time. Concurrency starts at one and doubles while all attempts succeed, so
 * that usher does not flood a failing receiver. While other endpoints wait for a slot, this one releases its slot after a
 * failure or at the end of its time slice.
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
  let concurrency = 1;
  while (!stop.aborted) {
    const endpoint = await renewLease(db, lease, new Date(now().getTime() + LEASE_MS));
    if (endpoint === undefined) return;
    const secrets = openSecrets(options, endpoint);
    if (secrets === undefined) {
      logger.error({ organizationId, endpointId }, NOT_OPENED);
      await noteReason(db, lease, NOT_OPENED, now());
      await endLease(db, lease, new Date(now().getTime() + KEY_PAUSE_MS));
      return;
    }
    const { deliveries, postponed } = await dueDeliveries(db, lease, concurrency, now());
    if (deliveries.length === 0) {
      if (postponed > 0) continue;
      break;
    }
    const attempts = await Promise.all(
      deliveries.map(delivery => attempt(options, { url: endpoint.url, ...secrets }, delivery)),
    );
    if (await recordAttempts(db, lease, attempts, now())) {
      logger.warn(
        { organizationId, endpointId },
        'disabled a webhook endpoint that is gone or kept failing',
      );
      break;
    }
    const backoffs = attempts.flatMap(attempt => attempt.backoffUntil ?? []);
    if (backoffs.length > 0) {
      // A lease without an owner: no process takes the endpoint until it expires.
      await endLease(db, lease, new Date(Math.max(...backoffs.map(Number))));
      return;
    }
    const isWell = attempts.every(({ status }) => status === 'succeeded');
    if (isCrowded() && (!isWell || performance.now() - started > SLICE_MS)) break;
    concurrency = isWell ? Math.min(concurrency * 2, MAX_CONCURRENCY) : Math.ceil(concurrency / 4);
  }
  await endLease(db, lease, now());
}

async function attempt(
  { sender, now, retryDelayMs }: DeliverOptions,
  endpoint: { url: string } & SigningKeys,
  { id, attempts, eventId, type, createdAt, payload }: DueDelivery,
): Promise<AttemptWithBackoff> {
  const attemptedAt = now();
  const started = performance.now();
  const data: unknown = JSON.parse(payload);
  const body = JSON.stringify({ type, timestamp: timestamp(createdAt), data });
  const result = await answerOf(() =>
    sender.post(endpoint.url, signedHeaders(endpoint, eventId, body, attemptedAt), body),
  );
  const responseStatus = 'status' in result ? result.status : null;
  const isAccepted = responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
  const failures = isAccepted ? 0 : attempts + 1;
  const isLast = failures >= MAX_ATTEMPTS || responseStatus === GONE;
  const answeredAt = now();
  const requested = 'status' in result ? retryAfterMs(result.retryAfter, answeredAt) : 0;
  const isThrottled =
    responseStatus === TOO_MANY_REQUESTS || (responseStatus === UNAVAILABLE && requested > 0);
  const delay = Math.max(retryDelay(failures, retryDelayMs), isThrottled ? requested : 0);
  const nextAttemptAt = new Date(answeredAt.getTime() + delay);
  return {
    id,
    status: isAccepted ? 'succeeded' : isLast ? 'failed' : 'pending',
    attemptedAt,
    durationMs: Math.round(performance.now() - started),
    nextAttemptAt,
    responseStatus,
    responseBody: 'status' in result ? result.body : null,
    error: 'error' in result ? result.error : null,
    ...(isThrottled && { backoffUntil: nextAttemptAt }),
  };
}

/** An attempt, and the time until which its receiver asked to receive nothing. */
type AttemptWithBackoff = Attempt & { backoffUntil?: Date };

async function answerOf(post: () => Promise<Answer>): Promise<Answer | { error: string }> {
  try {
    return await post();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { error: reason.slice(0, LONGEST_ERROR).replaceAll('\0', '') };
  }
}
