import * as errors from '../../domain/errors.ts';
import { disableWebhookEndpoint } from '../../webhooks/disable.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const DisableWebhookEndpointInput = builder.inputType('DisableWebhookEndpointInput', {
  description: 'Which endpoint is to be left alone.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The endpoint.' }),
  }),
});

builder.mutationField('disableWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Stops sending an endpoint events. Those on their way to it are skipped, and can be redelivered once it is enabled again; those that happen meanwhile are not sent. A disabled endpoint is answered as it is. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: DisableWebhookEndpointInput,
        required: true,
        description: 'What to disable.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint as it is now.' },
      union: { description: 'The endpoint, or why it stays as it was.' },
      result: { description: 'The endpoint is disabled.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => disableWebhookEndpoint(ctx, input.id),
  }),
);
