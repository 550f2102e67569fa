import * as errors from '../../domain/errors.ts';
import { deleteWebhookEndpoint } from '../../webhooks/delete.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const DeleteWebhookEndpointInput = builder.inputType('DeleteWebhookEndpointInput', {
  description: 'Which endpoint is removed.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The endpoint.' }),
  }),
});

builder.mutationField('deleteWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Removes an endpoint. What was on its way to it is skipped, and neither it nor its deliveries are found from now on. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: DeleteWebhookEndpointInput,
        required: true,
        description: 'What to remove.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint as it was.' },
      union: { description: 'The endpoint, or why it stays.' },
      result: { description: 'The endpoint is removed.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => deleteWebhookEndpoint(ctx, input.id),
  }),
);
