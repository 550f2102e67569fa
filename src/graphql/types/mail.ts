import { requireAccessToken } from '../../auth/access.ts';
import type { Mail as MailRow } from '../../db/generated/prisma/client.ts';
import { parseEmail } from '../../email/parse-email.ts';
import { countMails, findMails } from '../../mail/find-mails.ts';
import { builder } from '../builder.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';
import { pageComplexity, pageOfFound, pageOfRows, requireFilter } from '../pages.ts';
import { selectionOf } from '../seat-selection.ts';
import { CustomerSeat } from './customer-seat.ts';

const MailKind = builder.enumType('MailKind', {
  description: 'Kind of mail.',
  values: {
    INVITATION: { value: 'invitation', description: 'The invitation link of a seat.' },
    REMINDER: {
      value: 'reminder',
      description: 'The invitation link again, shortly before it expires.',
    },
    WEBHOOK_DISABLED: {
      value: 'webhook_disabled',
      description: 'To the organization: a webhook endpoint failed repeatedly and was disabled.',
    },
  } as const,
});

const MailStatus = builder.enumType('MailStatus', {
  description: 'Delivery status of a mail.',
  values: {
    PENDING: {
      value: 'pending',
      description:
        'Waiting for the next attempt, or delayed because its recipient got too many invitations within an hour. `error` has the reason.',
    },
    SENT: { value: 'sent', description: 'The mail server accepted it.' },
    FAILED: {
      value: 'failed',
      description:
        'The mail server rejected it permanently, or it could not be sent in time. Resending the invitation creates a new mail.',
    },
    SKIPPED: {
      value: 'skipped',
      description:
        'No longer needed: the seat was claimed, revoked or invited again, or the recipient has unsubscribed. `error` has the reason.',
    },
  } as const,
});

/** A mail. No field has its text or the link in it: they are created when the mail is sent. */
const Mail = builder.prismaObject('Mail', {
  name: 'Mail',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    kind: t.expose('kind', { type: MailKind }),
    status: t.expose('status', { type: MailStatus }),
    attempts: t.exposeInt('attempts'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time of the next attempt; null after the last one.',
      resolve: ({ status, nextAttemptAt }) => (status === 'pending' ? nextAttemptAt : null),
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    recipient: t.expose('recipient', { type: 'EmailAddress', nullable: true }),
    seat: t.field({
      type: CustomerSeat,
      nullable: true,
      description: 'The seat of an invitation or a reminder.',
      resolve: ({ organizationId, seatId }, _args, ctx, info) =>
        seatId === null
          ? null
          : ctx.seats.seat({ organizationId, id: seatId, selection: selectionOf(info, 'seat') }),
    }),
  }),
});

const MailConnection = builder.connectionObject({
  type: Mail,
  name: 'MailConnection',
  description: 'A page of mails, from newest to oldest.',
});

builder.queryField('mails', t =>
  t.connection(
    {
      type: Mail,
      nullable: true,
      description: `The mails of an organization, from newest to oldest, until they expire; null if you are not allowed to see them. \`first\` is at most 100. Requires an access token with \`customer_seats:read\` or \`customer_seats:write\`.`,
      args: {
        organizationId: t.arg(ORGANIZATION_ARGUMENT),
        status: t.arg({
          type: [MailStatus],
          description: 'Returns only mails with these statuses.',
        }),
        kind: t.arg({ type: [MailKind], description: 'Returns only mails of these kinds.' }),
        seatId: t.arg({ type: 'ID', description: 'Returns only mails about this seat.' }),
        recipient: t.arg.string({
          description:
            'Returns only mails with this recipient, ignoring case. The mail of a seat has no recipient before the first attempt to send it.',
        }),
      },
      complexity: pageComplexity,
      resolve: (
        _root,
        { organizationId: named, status, kind, seatId, recipient, ...args },
        ctx,
        info,
      ) => {
        const actor = requireAccessToken(ctx.actor, [
          'customer_seats:read',
          'customer_seats:write',
        ]);
        const organizationId = readableOrganization(actor, named);
        if (organizationId === undefined) return null;
        requireFilter('status', status);
        requireFilter('kind', kind);
        const where = {
          organizationId,
          ...(status && { status: { in: [...status] } }),
          ...(kind && { kind: { in: [...kind] } }),
          ...(seatId && { seatId }),
        };
        const list = ['mails', organizationId, status, kind, seatId, recipient];
        const request = { args, ctx, info, type: 'Mail', list, order: 'newest first' } as const;
        if (typeof recipient === 'string') {
          // No mail goes to a recipient that is not an address.
          const { email } = { email: '', ...parseEmail(recipient) };
          const query = { organizationId, recipient: email, seatId, status, kind };
          return pageOfFound<MailRow>(
            request,
            part => findMails(ctx.sql, query, part),
            ({ where: found, ...page }) =>
              ctx.db.mail.findMany({ ...page, where: { ...where, ...found } }),
            () => countMails(ctx.sql, query),
          );
        }
        return pageOfRows<MailRow>(
          request,
          ({ beyond, ...page }) =>
            ctx.db.mail.findMany({ ...page, where: { ...where, AND: beyond } }),
          () => ctx.db.mail.count({ where }),
        );
      },
    },
    MailConnection,
  ),
);
