import * as errors from '../../domain/errors.ts';
import { enableWebhookEndpoint } from '../../webhooks/enable.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const EnableWebhookEndpointInput = builder.inputType('EnableWebhookEndpointInput', {
  description: 'Input of `enableWebhookEndpoint`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
  }),
});

builder.mutationField('enableWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Enables a webhook endpoint, which then receives new events, and resets its count of failures. You can redeliver the deliveries that were skipped. Has no effect on an enabled endpoint. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: EnableWebhookEndpointInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint after the change.' },
      union: { description: 'Result of `enableWebhookEndpoint`.' },
      result: { description: 'The endpoint is enabled.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => enableWebhookEndpoint(ctx, input.id),
  }),
);
