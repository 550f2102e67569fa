import PostalMime, { type Email } from 'postal-mime';
import type { MailKind } from '../../src/db/generated/prisma/enums.ts';
import type { Job } from '../../src/events/job.ts';
import { openLog } from '../../src/log.ts';
import { createMailJob, type MailJobOptions } from '../../src/mail/mail-job.ts';
import type { MailTransport } from '../../src/mail/message.ts';
import { openSmtp } from '../../src/mail/smtp.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat } from '../support/seats.ts';
import { type SmtpOptions, startSmtp, type TestSmtp } from '../support/smtp.ts';
import { SECRET_KEY, type TestUsher } from '../support/usher.ts';

export const HOUR_MS = 60 * 60_000;

/** A clock that a test can advance. */
export interface Clock {
  now(): Date;
  advance(ms: number): void;
}

export function startClock(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance(ms) {
      ahead += ms;
    },
  };
}

/** A process that sends mails. */
export interface Mailer {
  job: Job;
  clock: Clock;
  /** All logged lines. */
  log: string[];
  /** Sends all due mails and waits for the attempts. */
  work(): Promise<void>;
}

export function startMailer(
  usher: TestUsher,
  transport: MailTransport,
  options: Partial<MailJobOptions> & { clock?: Clock } = {},
): Mailer {
  const { clock = startClock(), ...rest } = options;
  const log: string[] = [];
  const job = createMailJob({
    db: usher.db,
    secretKey: SECRET_KEY,
    publicUrl: () => 'https://seats.acme.example',
    mailFrom: undefined,
    transport,
    logger: openLog('info', { write: line => void log.push(line) }),
    now: clock.now,
    retryDelayMs: 2_000,
    ...rest,
  });
  const { signal } = new AbortController();
  return {
    job,
    clock,
    log,
    async work() {
      while (await job.run(signal));
      await job.drain?.();
    },
  };
}

/** Queues the mail of a seat's current invitation and returns its id. */
export async function queueMail(
  usher: TestUsher,
  fixture: Fixture,
  seatId: string,
  {
    kind = 'invitation',
    nextAttemptAt = new Date(),
  }: { kind?: MailKind; nextAttemptAt?: Date } = {},
): Promise<string> {
  const organizationId = fixture.ids.organization;
  const seat = await usher.db.customerSeat.findUniqueOrThrow({
    where: { organizationId_id: { organizationId, id: seatId } },
    select: { invitationTokenHash: true },
  });
  const { id } = await usher.db.mail.create({
    data: { organizationId, kind, seatId, nextAttemptAt, ...seat },
  });
  return id;
}

/** Returns the row of a mail. */
export async function mailRow(usher: TestUsher, id: string) {
  return await usher.db.mail.findFirstOrThrow({ where: { id } });
}

/** Assigns a seat and queues its invitation's mail. */
export async function givenMail(usher: TestUsher, email = 'sam@globex.example') {
  const fixture = await usher.addFixture();
  const seat = await givenSeat(usher, fixture, { email });
  const id = await queueMail(usher, fixture, seat.id);
  return { fixture, seat, id };
}

/** Starts a mail server and opens a transport to it. */
export async function openMail({
  timeoutMs = 10_000,
  ...options
}: SmtpOptions & { timeoutMs?: number } = {}): Promise<{
  smtp: TestSmtp;
  transport: MailTransport;
  close(): Promise<void>;
}> {
  const smtp = await startSmtp(options);
  const transport = openSmtp(smtp.url, timeoutMs);
  return {
    smtp,
    transport,
    async close() {
      transport.close();
      await smtp.close();
    },
  };
}

/** Returns the parsed mails that a server accepted. */
export async function acceptedBy(smtp: TestSmtp): Promise<Email[]> {
  return await Promise.all(smtp.taken.map(({ raw }) => PostalMime.parse(raw)));
}

/** Matches a claim link and its token. */
export const LINK = /https:\/\/seats\.acme\.example\/claim\?token=([\w-]{43})/;
