import { reachableOrganizations } from '../../auth/access.ts';
import type { WebhookEndpoint as Endpoint } from '../../db/generated/prisma/client.ts';
import { requireWebhookReader } from '../../webhooks/access.ts';
import { isWebhookEvent } from '../../webhooks/event-types.ts';
import { builder } from '../builder.ts';
import { READING_WEBHOOKS } from '../descriptions.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';
import { pageComplexity, pageOfRows } from '../pages.ts';
import {
  pageOfDeliveries,
  WebhookDelivery,
  WebhookDeliveryConnection,
  WebhookDeliveryStatus,
} from './webhook-delivery.ts';

/** What an endpoint can hear of, in the enum style of GraphQL. */
export const WebhookEventType = builder.enumType('WebhookEventType', {
  description: 'What a webhook endpoint can hear of.',
  values: {
    CUSTOMER_SEAT_ASSIGNED: {
      value: 'customer_seat.assigned',
      description: '`customer_seat.assigned`: somebody was invited to a seat.',
    },
    CUSTOMER_SEAT_CLAIMED: {
      value: 'customer_seat.claimed',
      description: '`customer_seat.claimed`: a seat has its holder.',
    },
    CUSTOMER_SEAT_REVOKED: {
      value: 'customer_seat.revoked',
      description: '`customer_seat.revoked`: a seat was taken back. It still names who held it.',
    },
  } as const,
});

/** Where an organization hears of its seats. The keys that sign are in no field: they are shown when they are made. */
export const WebhookEndpoint = builder.prismaObject('WebhookEndpoint', {
  name: 'WebhookEndpoint',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    url: t.exposeString('url'),
    events: t.field({
      type: [WebhookEventType],
      description: 'The event types that it wants.',
      resolve: ({ events }) => events.filter(isWebhookEvent),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
    consecutiveFailures: t.exposeInt('consecutiveFailures'),
    previousSecretExpiresAt: t.expose('previousSecretExpiresAt', {
      type: 'DateTime',
      nullable: true,
    }),
    organization: t.relation('organization', {
      description: 'The organization whose endpoint it is.',
    }),
    deliveries: t.connection(
      {
        type: WebhookDelivery,
        description:
          'What was and is to be sent to it, the newest first, until its events are archived. `status: [FAILED]` are the dead letters. `first` up to 100.',
        args: {
          status: t.arg({
            type: [WebhookDeliveryStatus],
            description: 'Only deliveries in these states.',
          }),
        },
        complexity: pageComplexity,
        resolve: ({ organizationId, id }, args, ctx, info) =>
          pageOfDeliveries(ctx, info, args, { organizationId, endpointId: id }),
      },
      WebhookDeliveryConnection,
    ),
  }),
});

// The way back, from a delivery to its endpoint.
builder.prismaObjectField('WebhookDelivery', 'endpoint', t =>
  t.relation('endpoint', { description: 'Where it goes.' }),
);

const WebhookEndpointConnection = builder.connectionObject({
  type: WebhookEndpoint,
  name: 'WebhookEndpointConnection',
  description: 'A page of webhook endpoints, the oldest first.',
});

builder.queryField('webhookEndpoints', t =>
  t.connection(
    {
      type: WebhookEndpoint,
      nullable: true,
      description: `An organization's webhook endpoints, disabled ones too, the oldest first; null where you may not see them. ${READING_WEBHOOKS}`,
      args: { organizationId: t.arg(ORGANIZATION_ARGUMENT) },
      complexity: pageComplexity,
      resolve: (_root, args, ctx, info) => {
        const actor = requireWebhookReader(ctx.actor);
        const organizationId = readableOrganization(actor, args.organizationId);
        if (organizationId === undefined) return null;
        const where = { organizationId, deletedAt: null };
        const list = ['webhookEndpoints', organizationId];
        return pageOfRows<Endpoint>(
          { args, ctx, info, type: 'WebhookEndpoint', list },
          ({ beyond, ...page }) =>
            ctx.db.webhookEndpoint.findMany({ ...page, where: { ...where, AND: beyond } }),
          () => ctx.db.webhookEndpoint.count({ where }),
        );
      },
    },
    WebhookEndpointConnection,
  ),
);

builder.queryField('webhookEndpoint', t =>
  t.prismaField({
    type: WebhookEndpoint,
    nullable: true,
    description: `One webhook endpoint by its id; null where there is none that you may see. ${READING_WEBHOOKS}`,
    args: { id: t.arg({ type: 'UUID', required: true, description: "The endpoint's id." }) },
    resolve: (query, _root, { id }, ctx) =>
      ctx.db.webhookEndpoint.findFirst({
        ...query,
        where: {
          ...reachableOrganizations(requireWebhookReader(ctx.actor)),
          id,
          deletedAt: null,
        },
      }),
  }),
);
