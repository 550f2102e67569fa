import type { Job } from '../events/job.ts';
import { INVITATIONS_PER_HOUR } from './address-limit.ts';
import { type AttemptSource, attemptMail } from './attempt.ts';
import { createPace } from './pace.ts';
import { leaseMails, releaseMails } from './queue.ts';
import { senderOf } from './sender.ts';

export interface MailJobOptions extends Omit<AttemptSource, 'senderOf' | 'invitationsPerHour'> {
  /** Limit of invitations from one organization to one address in an hour; 20 by default, 0 for no limit. */
  invitationsPerHour?: number;
  /** The most mails that this process sends in a second; 0 for no limit. */
  mailsPerSecond?: number;
  /** The configured sender; undefined for `no-reply` at the server's host. */
  mailFrom: string | undefined;
}

const POLL_MS = 1_000;
const MAX_CONCURRENCY = 8;
// Longer than an attempt takes, so that no other process starts one meanwhile.
const LEASE_MS = 60_000;

/**
 * Returns the job that sends due mails. A process leases a mail while it sends it. A mail that the server accepted is sent
 * again only if the process died or lost its database before it recorded that. A mail fails if the server rejects it
 * permanently. After other errors it is attempted again until the invitation expires. A mail over the limit of its recipient
 * waits. Mails over the limit of one second wait for the next. Throws if `mailFrom` is not an address.
 */
export function createMailJob(options: MailJobOptions): Job {
  const { db, now, invitationsPerHour = INVITATIONS_PER_HOUR, mailsPerSecond = 0 } = options;
  const source = { ...options, invitationsPerHour, senderOf: senderOf(options.mailFrom) };
  const pace = createPace(mailsPerSecond);
  const underWay = new Set<Promise<void>>();

  return {
    name: 'mail',
    pollMs: POLL_MS,
    isUrgent: true,
    async run(stop) {
      if (underWay.size >= MAX_CONCURRENCY) await Promise.race(underWay);
      const room = await pace.room(stop);
      if (stop.aborted) return false;
      const at = now();
      const until = new Date(at.getTime() + LEASE_MS);
      const free = Math.min(MAX_CONCURRENCY - underWay.size, room);
      const mails = await leaseMails(db, free, { now: at, until });
      if (stop.aborted) {
        await releaseMails(db, mails);
        return false;
      }
      pace.start(mails.length);
      for (const mail of mails) {
        const attempt = attemptMail(source, mail).finally(() => underWay.delete(attempt));
        underWay.add(attempt);
      }
      return mails.length === free;
    },
    drain: async () => void (await Promise.all(underWay)),
  };
}
