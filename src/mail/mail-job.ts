import type { Job } from '../events/job.ts';
import { INVITATIONS_PER_HOUR } from './address-limit.ts';
import { type AttemptSource, attemptMail } from './attempt.ts';
import { leaseMails, releaseMails } from './queue.ts';
import { senderOf } from './sender.ts';

export interface MailJobOptions extends Omit<AttemptSource, 'senderOf' | 'invitationsPerHour'> {
  /** How many invitations an organization sends to one address within an hour; by default 20, and 0 for any number. */
  invitationsPerHour?: number;
  /** The configured sender; undefined for one at the server's host. */
  mailFrom: string | undefined;
}

const POLL_MS = 1_000;
const AT_ONCE = 8;
// Longer than an attempt takes, so that no other process begins one meanwhile.
const LEASE_MS = 60_000;

/**
 * Sends the mails that are due. Each invitation is mailed once: a process has a mail to itself while it sends it, and one
 * that the server took is not sent again, but where the process died, or lost its database, before it could write that
 * down. A mail that the server refuses for good has failed; one that does not get through is attempted until the
 * invitation ends; one to an address that had too many within an hour waits. Throws where `mailFrom` is no address.
 */
export function createMailJob(options: MailJobOptions): Job {
  const { db, now, invitationsPerHour = INVITATIONS_PER_HOUR } = options;
  const source = { ...options, invitationsPerHour, senderOf: senderOf(options.mailFrom) };
  const underWay = new Set<Promise<void>>();

  return {
    name: 'mail',
    pollMs: POLL_MS,
    isUrgent: true,
    async run(stop) {
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
      if (stop.aborted) return false;
      const at = now();
      const until = new Date(at.getTime() + LEASE_MS);
      const free = AT_ONCE - underWay.size;
      const mails = await leaseMails(db, free, { now: at, until });
      if (stop.aborted) {
        await releaseMails(db, mails);
        return false;
      }
      for (const mail of mails) {
        const attempt = attemptMail(source, mail).finally(() => underWay.delete(attempt));
        underWay.add(attempt);
      }
      return mails.length === free;
    },
    drain: async () => void (await Promise.all(underWay)),
  };
}
