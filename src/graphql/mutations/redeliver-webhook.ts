import * as errors from '../../domain/errors.ts';
import { KEPT_DELIVERY } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { redeliverWebhook } from '../../webhooks/redeliver.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { WebhookDelivery } from '../types/webhook-delivery.ts';

const RedeliverWebhookInput = builder.inputType('RedeliverWebhookInput', {
  description: 'Input of `redeliverWebhook`.',
  fields: t => ({
    deliveryId: t.field({ type: 'ID', required: true, description: 'The delivery.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('redeliverWebhook', t =>
  t.field({
    type: WebhookDelivery,
    nullable: true,
    description: `Sends the event of a finished delivery again, with the same \`webhook-id\` and a full set of attempts. The endpoint must be enabled. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: RedeliverWebhookInput,
        required: true,
        description: 'The delivery.',
      }),
    },
    errors: {
      dataField: { name: 'delivery', description: 'The delivery after the change.' },
      union: { description: 'Result of `redeliverWebhook`.' },
      result: { description: 'The event will be sent again.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(ctx, { operation: 'redeliverWebhook', key, input }, KEPT_DELIVERY, keyed =>
        redeliverWebhook(keyed, input.deliveryId),
      ),
  }),
);
