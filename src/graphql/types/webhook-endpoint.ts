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

/** The event types that an endpoint can receive, in the enum style of GraphQL. */
export const WebhookEventType = builder.enumType('WebhookEventType', {
  description: 'Event type that a webhook endpoint can receive.',
  values: {
    CUSTOMER_SEAT_ASSIGNED: {
      value: 'customer_seat.assigned',
      description: '`customer_seat.assigned`: a seat was assigned.',
    },
    CUSTOMER_SEAT_CLAIMED: {
      value: 'customer_seat.claimed',
      description: '`customer_seat.claimed`: a seat was claimed.',
    },
    CUSTOMER_SEAT_REVOKED: {
      value: 'customer_seat.revoked',
      description:
        '`customer_seat.revoked`: a seat was revoked. The payload has the former holder.',
    },
  } as const,
});

/** A webhook endpoint of an organization. No field has its signing keys: they are shown only when they are created. */
export const WebhookEndpoint = builder.prismaObject('WebhookEndpoint', {
  name: 'WebhookEndpoint',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    url: t.exposeString('url'),
    events: t.field({
      type: [WebhookEventType],
      description: 'The event types to send.',
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
          'The deliveries to the endpoint, from newest to oldest, until their events are archived. `first` is at most 100.',
        args: {
          status: t.arg({
            type: [WebhookDeliveryStatus],
            description: 'Returns only deliveries with these statuses.',
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

// The path from a delivery back to its endpoint.
builder.prismaObjectField('WebhookDelivery', 'endpoint', t =>
  t.relation('endpoint', { description: 'The endpoint.' }),
);

const WebhookEndpointConnection = builder.connectionObject({
  type: WebhookEndpoint,
  name: 'WebhookEndpointConnection',
  description: 'A page of webhook endpoints, from oldest to newest.',
});

builder.queryField('webhookEndpoints', t =>
  t.connection(
    {
      type: WebhookEndpoint,
      nullable: true,
      description: `The webhook endpoints of an organization, including disabled ones, from oldest to newest; null if you are not allowed to see them. ${READING_WEBHOOKS}`,
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
    description: `A webhook endpoint by id; null if it does not exist or you are not allowed to see it. ${READING_WEBHOOKS}`,
    args: { id: t.arg({ type: 'ID', required: true, description: "The endpoint's id." }) },
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
