import { readBacklog } from '../../observability/backlog.ts';
import {
  type Check,
  counted,
  duration,
  type Finding,
  type Look,
  ok,
  problem,
  warning,
} from '../check.ts';

interface Waiting {
  count: number;
  /** How many seconds the oldest has waited; null for none. */
  seconds: number | null;
}

/** After this time, no worker is running: a worker handles an event within a second, and due work within moments. */
const EVENT_SECONDS = 300;
const DUE_SECONDS = 900;
/** Counts stop here, to avoid scanning everything. */
const MOST = 100_000;

const NO_WORKER = 'Start `npm start` without WORKER=false, or `npm run worker`, and read its log';

/** Looks for events for which no worker creates deliveries and mails. */
export const checkEvents: Check = async ({ rows }) => {
  const [events] = await rows<Waiting>(
    `SELECT count(*)::integer AS count, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS seconds
       FROM (SELECT created_at FROM outbox_events WHERE dispatched_at IS NULL ORDER BY sequence LIMIT ${MOST}) AS e`,
  );
  return waitingFinding('event', 'not handed on', events, EVENT_SECONDS, NO_WORKER);
};

/** Looks for deliveries that no worker attempts, and for endpoints that get none. */
export const checkWebhooks: Check = async ({ rows }) => {
  const [due] = await rows<Waiting>(
    `SELECT count(*)::integer AS count, extract(epoch FROM clock_timestamp() - min(next_attempt_at))::float8 AS seconds
       FROM (SELECT d.next_attempt_at
               FROM webhook_endpoints e JOIN webhook_deliveries d ON d.organization_id = e.organization_id AND d.endpoint_id = e.id
              WHERE e.deleted_at IS NULL AND e.disabled_at IS NULL
                AND d.status = 'pending' AND d.next_attempt_at <= clock_timestamp() LIMIT ${MOST}) AS d`,
  );
  const { deliveries } = await backlogOf(rows);
  const found: Finding[] = [
    due?.count === 0 && deliveries > 0
      ? ok(`${counted(deliveries, 'delivery', 'deliveries')} waiting for another attempt`)
      : waitingFinding('delivery', 'due', due, DUE_SECONDS, NO_WORKER, 'deliveries'),
  ];
  const [disabled] = await rows<{ count: number; urls: string | null }>(
    `SELECT count(*)::integer AS count, string_agg(host, ', ') AS urls FROM (
       SELECT substring(url FROM '^[a-z]+://(?:[^/@]*@)?([^/?#]+)') AS host
         FROM webhook_endpoints WHERE deleted_at IS NULL AND disabled_at IS NOT NULL ORDER BY disabled_at DESC LIMIT 100) AS e`,
  );
  if (disabled !== undefined && disabled.count > 0) {
    const hosts = disabled.urls?.split(', ').slice(0, 3).join(', ');
    found.push(
      warning(
        `${counted(disabled.count, 'endpoint')} disabled (${hosts})`,
        'Once the receiver works, call enableWebhookEndpoint, and redeliverWebhook for what it missed',
      ),
    );
  }
  return found;
};

/** Looks for mails that no worker sends or that the mail server rejects, and for undeliverable invitations. */
export const checkMails: Check = async ({ config, rows }) => {
  const { mails, oldestMailSeconds } = await backlogOf(rows);
  const [attempted] = await rows<{ error: string | null }>(
    `SELECT error FROM mails WHERE status = 'pending' AND attempts > 0 ORDER BY next_attempt_at LIMIT 1`,
  );
  const isSent = config.smtpUrl !== undefined || config.mailbox !== undefined;
  const found: Finding[] =
    !isSent && mails > 0
      ? [
          problem(
            `${counted(mails, 'mail')} waiting, since SMTP_URL is not set`,
            'Set SMTP_URL; or let organizations hand out links themselves (updateOrganizationSettings, sendsInvitations: false)',
          ),
        ]
      : [
          waitingFinding(
            'mail',
            'waiting',
            { count: mails, seconds: mails > 0 ? oldestMailSeconds : null },
            DUE_SECONDS,
            attempted === undefined
              ? NO_WORKER
              : `Correct SMTP_URL, or mend the mail server: ${attempted.error ?? 'the last attempt failed'}`,
          ),
        ];
  const [failed] = await rows<{ count: number }>(
    `SELECT count(*)::integer AS count
       FROM mails m JOIN customer_seats s ON s.organization_id = m.organization_id AND s.id = m.seat_id
      WHERE m.status = 'failed' AND m.kind = 'invitation' AND s.status = 'pending'
        AND s.invitation_token_hash = m.invitation_token_hash`,
  );
  if (failed !== undefined && failed.count > 0) {
    found.push(
      warning(
        `${counted(failed.count, 'pending seat')} whose invitation could not be delivered`,
        'The query mails(status: [FAILED]) has the reasons; correct the address or resend the invitation',
      ),
    );
  }
  return found;
};

/** Reads the backlog of the metrics, within the doctor's snapshot. */
function backlogOf(rows: Look['rows']) {
  return readBacklog({ rows: ({ text }, values) => rows(text, values) });
}

function waitingFinding(
  noun: string,
  state: string,
  waiting: Waiting | undefined,
  limit: number,
  action: string,
  plural = `${noun}s`,
): Finding {
  const { count = 0, seconds = null } = waiting ?? {};
  if (seconds === null) return ok(`no ${noun} waits`);
  const more = count === MOST ? 'at least ' : '';
  const message = `${more}${counted(count, noun, plural)} ${state}, the oldest for ${duration(seconds)}`;
  return seconds >= limit ? problem(message, action) : ok(message);
}
