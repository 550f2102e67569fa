import * as errors from '../../domain/errors.ts';
import { redeliverWebhook } from '../../webhooks/redeliver.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookDelivery } from '../types/webhook-delivery.ts';

const RedeliverWebhookInput = builder.inputType('RedeliverWebhookInput', {
  description: 'What is sent again.',
  fields: t => ({
    deliveryId: t.field({ type: 'UUID', required: true, description: 'The delivery.' }),
  }),
});

builder.mutationField('redeliverWebhook', t =>
  t.field({
    type: WebhookDelivery,
    nullable: true,
    description: `Sends an event again that has succeeded, failed or been skipped: now, with all its attempts, and with the same \`webhook-id\`. The endpoint has to be enabled. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: RedeliverWebhookInput,
        required: true,
        description: 'What to send again.',
      }),
    },
    errors: {
      dataField: { name: 'delivery', description: 'The delivery as it is now.' },
      union: { description: 'The delivery, or why it is not sent again.' },
      result: { description: 'The event is on its way.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => redeliverWebhook(ctx, input.deliveryId),
  }),
);
