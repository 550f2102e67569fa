import * as errors from '../../domain/errors.ts';
import { KEPT_DELIVERY } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { sendTestWebhook } from '../../webhooks/send-test.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { WebhookDelivery } from '../types/webhook-delivery.ts';

const SendTestWebhookInput = builder.inputType('SendTestWebhookInput', {
  description: 'Input of `sendTestWebhook`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('sendTestWebhook', t =>
  t.field({
    type: WebhookDelivery,
    nullable: true,
    description: `Sends a \`customer_seat.assigned\` event about a seat that does not exist, whose metadata is \`{"test": true}\`, to an endpoint, whatever its event types are. Query the delivery again for the response. The endpoint must be enabled. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: SendTestWebhookInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    errors: {
      dataField: { name: 'delivery', description: 'The new delivery.' },
      union: { description: 'Result of `sendTestWebhook`.' },
      result: { description: 'The event will be sent.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(ctx, { operation: 'sendTestWebhook', key, input }, KEPT_DELIVERY, keyed =>
        sendTestWebhook(keyed, input.id),
      ),
  }),
);
