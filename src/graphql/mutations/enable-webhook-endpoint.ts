import * as errors from '../../domain/errors.ts';
import { enableWebhookEndpoint } from '../../webhooks/enable.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const EnableWebhookEndpointInput = builder.inputType('EnableWebhookEndpointInput', {
  description: 'Which endpoint is sent events again.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The endpoint.' }),
  }),
});

builder.mutationField('enableWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Sends a disabled endpoint the events that happen from now on, and counts its failures anew. What it missed can be redelivered, as far as it was on its way. An enabled endpoint is answered as it is. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: EnableWebhookEndpointInput,
        required: true,
        description: 'What to enable.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint as it is now.' },
      union: { description: 'The endpoint, or why it stays as it was.' },
      result: { description: 'The endpoint is enabled.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => enableWebhookEndpoint(ctx, input.id),
  }),
);
