import * as errors from '../../domain/errors.ts';
import { disableWebhookEndpoint } from '../../webhooks/disable.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const DisableWebhookEndpointInput = builder.inputType('DisableWebhookEndpointInput', {
  description: 'Input of `disableWebhookEndpoint`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
  }),
});

builder.mutationField('disableWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Disables a webhook endpoint. Pending deliveries are skipped; you can redeliver them after you enable the endpoint. Events that happen while it is disabled are not sent. Has no effect on a disabled endpoint. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: DisableWebhookEndpointInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint after the change.' },
      union: { description: 'Result of `disableWebhookEndpoint`.' },
      result: { description: 'The endpoint is disabled.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => disableWebhookEndpoint(ctx, input.id),
  }),
);
