import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { openDatabase } from './db/client.ts';
import { createArchiveJob } from './events/archive.ts';
import { startDispatcher } from './events/dispatcher.ts';
import { createFanOutJob } from './events/fan-out.ts';
import { createRetentionJob } from './events/retention.ts';
import type { SeatChanges } from './events/seat-changes.ts';
import { createMailJob } from './mail/mail-job.ts';
import { openMailTransport } from './mail/transport.ts';
import type { Observability } from './observability/observability.ts';
import { createDeliverJob } from './webhooks/deliver-job.ts';
import { createSealJob } from './webhooks/seal-job.ts';
import { createSender } from './webhooks/send.ts';

export interface WorkerOptions {
  config: Config;
  /** The database, migrated. */
  url: string;
  secretKey: string;
  changes: SeatChanges;
  /** Returns the public URL of the server. */
  publicUrl: () => string;
  logger: Logger;
  /** The database's clock. */
  now: () => Date;
  observability: Observability;
}

/**
 * Settings of a worker's sessions. A queue fills faster than PostgreSQL gathers statistics, so PostgreSQL plans each
 * execution anew and uses indexes.
 */
export const QUEUE_PLANS = { plan_cache_mode: 'force_custom_plan', enable_seqscan: 'off' };

/** Delivers events until closed: webhooks, invitations, the archive. Any number of processes may run a worker. */
export function startWorker(options: WorkerOptions): { close(): Promise<void> } {
  const { config, url, secretKey, changes, publicUrl, logger, now, observability } = options;
  const database = openDatabase(url, {
    applicationName: 'usher worker',
    observer: observability.statements('worker'),
    // Separate connections, so that requests never wait for deliveries.
    poolSize: config.workerDatabaseConnections,
    settings: QUEUE_PLANS,
    onIdleError: error => logger.warn({ err: error }, 'a database connection broke'),
  });
  observability.addPool('worker', database.pool);
  const { db } = database;
  const {
    smtpUrl,
    mailsPerSecond,
    mailbox,
    mailFrom,
    retryDelayMs,
    retentionDays,
    retention,
    invitationsPerHour,
  } = config;
  const sender = observability.observeWebhooks(
    createSender({ allowPrivateAddresses: config.webhookPrivateAddresses }),
  );
  const keys = { secretKey, previousSecretKey: config.previousSecretKey };
  const jobs = [
    createFanOutJob({ db, now }),
    createDeliverJob({ db, sender, logger, now, retryDelayMs, ...keys }),
    createSealJob({ db, logger, now, ...keys }),
    createArchiveJob({ db, now, retentionDays }),
    createRetentionJob({ db, now, retention }),
  ];
  const transport = openMailTransport({ smtpUrl, mailbox });
  if (transport) {
    jobs.push(
      createMailJob({
        db,
        ...keys,
        publicUrl,
        mailFrom,
        transport: observability.observeMail(transport),
        logger,
        now,
        retryDelayMs,
        invitationsPerHour,
        mailsPerSecond: smtpUrl === undefined ? 0 : mailsPerSecond,
      }),
    );
  } else {
    logger.warn('SMTP_URL is not set: invitations wait in the database until it is');
  }
  if (smtpUrl !== undefined && config.publicUrl === undefined) {
    logger.warn(`PUBLIC_URL is not set: the links in mails lead to ${publicUrl()}`);
  }
  const dispatcher = startDispatcher(jobs, { changes, logger });
  return {
    async close() {
      await dispatcher.close();
      sender.close();
      transport?.close();
      await database.close();
    },
  };
}
