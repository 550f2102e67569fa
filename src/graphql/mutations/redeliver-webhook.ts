import * as errors from '../../domain/errors.ts';
import { redeliverWebhook } from '../../webhooks/redeliver.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookDelivery } from '../types/webhook-delivery.ts';

const RedeliverWebhookInput = builder.inputType('RedeliverWebhookInput', {
  description: 'Input of `redeliverWebhook`.',
  fields: t => ({
    deliveryId: t.field({ type: 'ID', required: true, description: 'The delivery.' }),
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
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => redeliverWebhook(ctx, input.deliveryId),
  }),
);
