import * as errors from '../../domain/errors.ts';
import { sendTestWebhook } from '../../webhooks/send-test.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookDelivery } from '../types/webhook-delivery.ts';

const SendTestWebhookInput = builder.inputType('SendTestWebhookInput', {
  description: 'Which endpoint is tried out.',
  fields: t => ({
    endpointId: t.field({ type: 'UUID', required: true, description: 'The endpoint.' }),
  }),
});

builder.mutationField('sendTestWebhook', t =>
  t.field({
    type: WebhookDelivery,
    nullable: true,
    description: `Sends an endpoint a \`customer_seat.assigned\` about a seat that does not exist, whether or not the endpoint wants that type. The seat's metadata is \`{"test": true}\`. Read the delivery again for what the receiver said. The endpoint has to be enabled. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: SendTestWebhookInput,
        required: true,
        description: 'What to try out.',
      }),
    },
    errors: {
      dataField: { name: 'delivery', description: 'The delivery, which has just begun.' },
      union: { description: 'The delivery, or why there is none.' },
      result: { description: 'The event is on its way.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => sendTestWebhook(ctx, input.endpointId),
  }),
);
