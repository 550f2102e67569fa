import { GONE } from '../webhooks/record.ts';
import {
  addressOf,
  expire,
  isExpired,
  type MailSource,
  NO_ADDRESS,
  outgoing,
  type Prepared,
  skip,
} from './prepared.ts';
import type { LeasedMail } from './queue.ts';
import { composeWebhookDisabled } from './webhook-disabled-mail.ts';

/** Prepares the mail about a disabled endpoint. Skips it if the endpoint is enabled again or deleted. */
export async function prepareWebhookDisabled(
  source: MailSource,
  mail: LeasedMail,
): Promise<Prepared> {
  const { organizationId, endpointId } = mail;
  const endpoint =
    endpointId === null
      ? null
      : await source.db.webhookEndpoint.findUnique({
          where: { organizationId_id: { organizationId, id: endpointId } },
          include: {
            organization: { select: { name: true, deletedAt: true } },
            deliveries: {
              where: { responseStatus: GONE, finishedAt: { not: null } },
              orderBy: { finishedAt: 'desc' },
              select: { finishedAt: true },
              take: 1,
            },
          },
        });
  if (!endpoint || endpoint.deletedAt || endpoint.organization.deletedAt) {
    return skip('The endpoint was deleted.');
  }
  if (endpoint.disabledAt === null) return skip('The endpoint is enabled again.');
  const to = addressOf(mail.recipient);
  if (to === undefined) return skip(NO_ADDRESS);
  if (isExpired(mail, null, source.now()))
    return expire(mail, 'It could not be sent for three days.');
  const content = composeWebhookDisabled({
    organizationName: endpoint.organization.name,
    id: endpoint.id,
    url: endpoint.url,
    disabledAt: endpoint.disabledAt,
    failures: endpoint.consecutiveFailures,
    isGone: endpoint.deliveries[0]?.finishedAt?.getTime() === endpoint.disabledAt.getTime(),
  });
  return {
    action: 'send',
    mail: outgoing(source, mail, { content, to, from: undefined, headers: {} }),
    unusable: [],
  };
}
