import { requireAccessToken } from '../../auth/access.ts';
import type { Mail as MailRow } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';
import { pageComplexity, pageOfRows, requireFilter } from '../pages.ts';
import { needsOf } from '../seat-needs.ts';
import { CustomerSeat } from './customer-seat.ts';

const MailKind = builder.enumType('MailKind', {
  description: 'What a mail is about.',
  values: {
    INVITATION: { value: 'invitation', description: 'The link by which a seat is claimed.' },
    REMINDER: { value: 'reminder', description: 'The same link again, shortly before it ends.' },
    WEBHOOK_DISABLED: {
      value: 'webhook_disabled',
      description: 'To the organization: a webhook endpoint kept failing, and was disabled.',
    },
  } as const,
});

const MailStatus = builder.enumType('MailStatus', {
  description: 'How far a mail has come.',
  values: {
    PENDING: {
      value: 'pending',
      description:
        'Waiting for its next attempt, or, where its recipient had too many invitations within an hour, for its turn: `error` says which.',
    },
    SENT: { value: 'sent', description: 'The mail server took it.' },
    FAILED: {
      value: 'failed',
      description:
        'The mail server refused it for good, or it could not be sent in time: a dead letter. Resending the invitation makes another.',
    },
    SKIPPED: {
      value: 'skipped',
      description:
        'There was no more reason to send it: the seat was claimed, revoked or invited anew, or its recipient has unsubscribed. `error` says which.',
    },
  } as const,
});

/** A mail. Its text, and the link in it, are in no field: they are made when it is sent. */
const Mail = builder.prismaObject('Mail', {
  name: 'Mail',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    kind: t.expose('kind', { type: MailKind }),
    status: t.expose('status', { type: MailStatus }),
    attempts: t.exposeInt('attempts'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is attempted next; null once it is finished.',
      resolve: ({ status, nextAttemptAt }) => (status === 'pending' ? nextAttemptAt : null),
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    recipient: t.expose('recipient', { type: 'EmailAddress', nullable: true }),
    seat: t.field({
      type: CustomerSeat,
      nullable: true,
      description: 'The seat that an invitation or a reminder is for, as it is now.',
      resolve: ({ organizationId, seatId }, _args, ctx, info) =>
        seatId === null
          ? null
          : ctx.seats.seat({ organizationId, id: seatId, needs: needsOf(info, 'seat') }),
    }),
  }),
});

const MailConnection = builder.connectionObject({
  type: Mail,
  name: 'MailConnection',
  description: 'A page of mails, the newest first.',
});

builder.queryField('mails', t =>
  t.connection(
    {
      type: Mail,
      nullable: true,
      description:
        "An organization's mails, the newest first, for as long as they are kept; null where you may not see them. " +
        '`status: [FAILED]` are the dead letters. `first` up to 100. ' +
        'Requires an access token with `customer_seats:read` or `customer_seats:write`.',
      args: {
        organizationId: t.arg(ORGANIZATION_ARGUMENT),
        status: t.arg({ type: [MailStatus], description: 'Only mails in these states.' }),
        kind: t.arg({ type: [MailKind], description: 'Only mails about this.' }),
      },
      complexity: pageComplexity,
      resolve: (_root, { organizationId: named, status, kind, ...args }, ctx, info) => {
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
        };
        const list = ['mails', organizationId, status, kind];
        return pageOfRows<MailRow>(
          { args, ctx, info, type: 'Mail', list, order: 'newest first' },
          ({ beyond, ...page }) =>
            ctx.db.mail.findMany({ ...page, where: { ...where, AND: beyond } }),
          () => ctx.db.mail.count({ where }),
        );
      },
    },
    MailConnection,
  ),
);
