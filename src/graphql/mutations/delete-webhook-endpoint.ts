import * as errors from '../../domain/errors.ts';
import { KEPT_ENDPOINT } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { deleteWebhookEndpoint } from '../../webhooks/delete.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const DeleteWebhookEndpointInput = builder.inputType('DeleteWebhookEndpointInput', {
  description: 'Input of `deleteWebhookEndpoint`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('deleteWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Deletes a webhook endpoint and its deliveries. Pending deliveries are not sent. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: DeleteWebhookEndpointInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint before its deletion.' },
      union: { description: 'Result of `deleteWebhookEndpoint`.' },
      result: { description: 'The endpoint was deleted.' },
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
        { operation: 'deleteWebhookEndpoint', key, input },
        KEPT_ENDPOINT,
        keyed => deleteWebhookEndpoint(keyed, input.id),
      ),
  }),
);
