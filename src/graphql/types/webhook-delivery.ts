import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import { reachableOrganizations } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import type { WebhookDelivery as Delivery } from '../../db/generated/prisma/client.ts';
import type { WebhookDeliveryStatus as Status } from '../../db/generated/prisma/enums.ts';
import { requireWebhookReader } from '../../webhooks/access.ts';
import { builder } from '../builder.ts';
import { READING_WEBHOOKS } from '../descriptions.ts';
import { pageOfRows, requireFilter } from '../pages.ts';

/** The states of a delivery, in the enum style of GraphQL. */
export const WebhookDeliveryStatus = builder.enumType('WebhookDeliveryStatus', {
  description: 'Status of a delivery.',
  values: {
    PENDING: { value: 'pending', description: 'Waiting for its next attempt.' },
    SUCCEEDED: { value: 'succeeded', description: 'The receiver accepted it.' },
    FAILED: {
      value: 'failed',
      description: 'All attempts failed. The delivery is kept and can be redelivered.',
    },
    SKIPPED: {
      value: 'skipped',
      description:
        'Not sent, because the endpoint was disabled. It can be redelivered after the endpoint is enabled.',
    },
  } as const,
});

/** An event as an endpoint receives it. */
const WebhookEvent = builder.prismaObject('OutboxEvent', {
  name: 'WebhookEvent',
  fields: t => ({
    id: t.expose('id', {
      type: 'ID',
      description: "The event's id, and the `webhook-id` of every delivery.",
    }),
    type: t.exposeString('type', {
      description: 'The event type, such as `customer_seat.claimed`.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    seatId: t.expose('seatId', { type: 'ID' }),
    payload: t.expose('payload', { type: 'JSONObject' }),
  }),
});

/** The delivery of one event to one endpoint. */
export const WebhookDelivery = builder.prismaObject('WebhookDelivery', {
  name: 'WebhookDelivery',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    status: t.expose('status', { type: WebhookDeliveryStatus }),
    attempts: t.exposeInt('attempts', {
      description:
        'The number of attempts since the delivery was created or redelivered; the tenth failure is final.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time of the next attempt; null after the last one.',
      resolve: ({ status, nextAttemptAt }) => (status === 'pending' ? nextAttemptAt : null),
    }),
    lastAttemptAt: t.expose('lastAttemptAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    durationMs: t.exposeInt('durationMs', { nullable: true }),
    responseStatus: t.exposeInt('responseStatus', { nullable: true }),
    responseBody: t.exposeString('responseBody', { nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    event: t.relation('event', { type: WebhookEvent, description: 'The event.' }),
  }),
});

/** Deliveries, the newest first. */
export const WebhookDeliveryConnection = builder.connectionObject({
  type: WebhookDelivery,
  name: 'WebhookDeliveryConnection',
  description: 'A page of deliveries, from newest to oldest.',
});

/** Returns one page of an endpoint's deliveries. */
export function pageOfDeliveries(
  ctx: Ctx,
  info: GraphQLResolveInfo,
  args: DefaultConnectionArguments & { status?: readonly Status[] | null },
  endpoint: { organizationId: string; endpointId: string },
) {
  requireFilter('status', args.status);
  const where = args.status ? { ...endpoint, status: { in: [...args.status] } } : endpoint;
  const list = ['deliveries', endpoint.organizationId, endpoint.endpointId, args.status];
  return pageOfRows<Delivery>(
    { args, ctx, info, type: 'WebhookDelivery', list, order: 'newest first' },
    ({ beyond, ...page }) =>
      ctx.db.webhookDelivery.findMany({ ...page, where: { ...where, AND: beyond } }),
    () => ctx.db.webhookDelivery.count({ where }),
  );
}

builder.queryField('webhookDelivery', t =>
  t.prismaField({
    type: WebhookDelivery,
    nullable: true,
    description: `A delivery by id; null if it does not exist, its event is archived, or you are not allowed to see it. ${READING_WEBHOOKS}`,
    args: { id: t.arg({ type: 'ID', required: true, description: "The delivery's id." }) },
    resolve: (query, _root, { id }, ctx) =>
      ctx.db.webhookDelivery.findFirst({
        ...query,
        where: {
          ...reachableOrganizations(requireWebhookReader(ctx.actor)),
          id,
          endpoint: { deletedAt: null },
        },
      }),
  }),
);
