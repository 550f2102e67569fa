import { requireAccessToken } from '../../auth/access.ts';
import type { AuditEvent as AuditEventRow } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';
import { pageComplexity, pageOfRows, requireFilter } from '../pages.ts';
import { Actor } from './actor.ts';

const AuditEventType = builder.enumType('AuditEventType', {
  description: 'Type of an audit event.',
  values: {
    MEMBER_UPDATED: {
      value: 'member_updated',
      description: "A member's address, name or role changed.",
    },
    MEMBER_REMOVED: { value: 'member_removed', description: 'A member was removed.' },
    SETTINGS_UPDATED: {
      value: 'settings_updated',
      description: 'Settings of the organization changed.',
    },
    WEBHOOK_ENDPOINT_CREATED: {
      value: 'webhook_endpoint_created',
      description: 'A webhook endpoint was created.',
    },
    WEBHOOK_ENDPOINT_UPDATED: {
      value: 'webhook_endpoint_updated',
      description: 'The URL or the event types of a webhook endpoint changed.',
    },
    WEBHOOK_ENDPOINT_DISABLED: {
      value: 'webhook_endpoint_disabled',
      description:
        'A webhook endpoint was disabled, by the organization or because it kept failing.',
    },
    WEBHOOK_ENDPOINT_ENABLED: {
      value: 'webhook_endpoint_enabled',
      description: 'A webhook endpoint was enabled.',
    },
    WEBHOOK_ENDPOINT_DELETED: {
      value: 'webhook_endpoint_deleted',
      description: 'A webhook endpoint was deleted.',
    },
    WEBHOOK_SECRET_ROTATED: {
      value: 'webhook_secret_rotated',
      description: 'A webhook endpoint got a new secret.',
    },
    ACCESS_TOKEN_CREATED: {
      value: 'access_token_created',
      description:
        'An access token was created, of the organization or of a user who may act for it.',
    },
    ACCESS_TOKEN_UPDATED: {
      value: 'access_token_updated',
      description: 'The scopes or the expiry of such a token changed.',
    },
    ACCESS_TOKEN_REVOKED: {
      value: 'access_token_revoked',
      description: 'Such a token was revoked.',
    },
    MEMBERSHIP_ENDED: {
      value: 'membership_ended',
      description: 'A user may no longer act for the organization.',
    },
    SESSIONS_ENDED: {
      value: 'sessions_ended',
      description: 'The sessions of a customer or a member were ended.',
    },
    PRODUCT_UPDATED: {
      value: 'product_updated',
      description: 'The billing system changed a product.',
    },
    CUSTOMER_UPDATED: {
      value: 'customer_updated',
      description: 'The billing system changed a customer.',
    },
    SUBSCRIPTION_UPDATED: {
      value: 'subscription_updated',
      description: 'The billing system changed a subscription, such as its number of seats.',
    },
    ORDER_UPDATED: { value: 'order_updated', description: 'The billing system changed an order.' },
  } as const,
});

const AuditEvent = builder.prismaObject('AuditEvent', {
  name: 'AuditEvent',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    type: t.expose('type', { type: AuditEventType }),
    subjectId: t.expose('subjectId', { type: 'ID' }),
    subjectLabel: t.exposeString('subjectLabel', { nullable: true }),
    changes: t.exposeStringList('changes'),
    actor: t.field({
      type: Actor,
      description: 'Who did it.',
      resolve: ({ actorKind: kind, actorId: id, actorLabel: label, actorChannel: channel }) => ({
        kind,
        id,
        label,
        channel,
      }),
    }),
  }),
});

const AuditEventConnection = builder.connectionObject({
  type: AuditEvent,
  name: 'AuditEventConnection',
  description: 'A page of audit events, from newest to oldest.',
});

const AuditEventFilter = builder.inputType('AuditEventFilter', {
  description: 'Conditions for audit events: an event has to meet all of them.',
  fields: t => ({
    type: t.field({ type: [AuditEventType], description: 'The types; an empty list is an error.' }),
    subjectId: t.field({
      type: 'ID',
      description:
        'The id of the member, endpoint, token, user or customer, or of the organization.',
    }),
  }),
});

builder.queryField('auditEvents', t =>
  t.connection(
    {
      type: AuditEvent,
      nullable: true,
      description:
        'The changes of members, settings, webhook endpoints, access tokens, memberships and sessions of an organization, from newest to oldest. Null if the organization does not exist or the token cannot access it. `first` is at most 100. Requires an access token with `organizations:read` or `organizations:write`.',
      args: {
        organizationId: t.arg(ORGANIZATION_ARGUMENT),
        filter: t.arg({
          type: AuditEventFilter,
          description: 'Returns only events that meet these conditions.',
        }),
      },
      complexity: pageComplexity,
      resolve: (_root, { organizationId: named, filter, ...args }, ctx, info) => {
        const scopes = ['organizations:read', 'organizations:write'];
        const organizationId = readableOrganization(requireAccessToken(ctx.actor, scopes), named);
        if (organizationId === undefined) return null;
        requireFilter('filter.type', filter?.type);
        const where = {
          organizationId,
          ...(filter?.type && { type: { in: filter.type } }),
          ...(filter?.subjectId && { subjectId: filter.subjectId }),
        };
        const list = ['auditEvents', organizationId, filter?.type, filter?.subjectId];
        return pageOfRows<AuditEventRow>(
          { args, ctx, info, type: 'AuditEvent', list, order: 'newest first' },
          ({ beyond, ...page }) =>
            ctx.db.auditEvent.findMany({ ...page, where: { ...where, AND: beyond } }),
          () => ctx.db.auditEvent.count({ where }),
        );
      },
    },
    AuditEventConnection,
  ),
);
