import * as errors from '../../domain/errors.ts';
import { KEPT_ENDPOINT } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { updateWebhookEndpoint } from '../../webhooks/update.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { WebhookEndpoint, WebhookEventType } from '../types/webhook-endpoint.ts';

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'Input of `updateWebhookEndpoint`. Fields that are null or not set stay unchanged.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
    url: t.string({ description: 'The new URL, with the rules of `createWebhookEndpoint`.' }),
    events: t.field({
      type: [WebhookEventType],
      description: 'The complete list of event types to send: at least one, without duplicates.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Updates the URL and the event types of an endpoint. Pending deliveries go to the new URL. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: UpdateWebhookEndpointInput,
        required: true,
        description: 'The endpoint and its new values.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint after the change.' },
      union: { description: 'Result of `updateWebhookEndpoint`.' },
      result: { description: 'The endpoint was updated.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(
        ctx,
        { operation: 'updateWebhookEndpoint', key, input },
        KEPT_ENDPOINT,
        keyed =>
          updateWebhookEndpoint(keyed, {
            id: input.id,
            url: input.url ?? undefined,
            events: input.events ?? undefined,
          }),
      ),
  }),
);
