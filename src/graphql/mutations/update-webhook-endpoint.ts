import * as errors from '../../domain/errors.ts';
import { updateWebhookEndpoint } from '../../webhooks/update.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint, WebhookEventType } from '../types/webhook-endpoint.ts';

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'What changes about an endpoint. What is left out, or null, stays.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The endpoint.' }),
    url: t.string({ description: 'Where events are sent, as when the endpoint is created.' }),
    events: t.field({
      type: [WebhookEventType],
      description: 'The events to send, all of them: at least one, each once.',
    }),
  }),
});

builder.mutationField('updateWebhookEndpoint', t =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description: `Changes where an endpoint's events are sent, and which. What is on its way already goes to the new address. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: UpdateWebhookEndpointInput,
        required: true,
        description: 'What to change.',
      }),
    },
    errors: {
      dataField: { name: 'endpoint', description: 'The endpoint as it is now.' },
      union: { description: 'The endpoint, or why it stays as it was.' },
      result: { description: 'The endpoint is changed.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) =>
      updateWebhookEndpoint(ctx, {
        id: input.id,
        url: input.url ?? undefined,
        events: input.events ?? undefined,
      }),
  }),
);
