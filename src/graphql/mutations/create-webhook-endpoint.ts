import * as errors from '../../domain/errors.ts';
import {
  createWebhookEndpoint,
  type EndpointWithSecret,
  MOST_ENDPOINTS,
} from '../../webhooks/create.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { WebhookEndpoint, WebhookEventType } from '../types/webhook-endpoint.ts';

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'Where an organization wants to hear of what.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    url: t.string({
      required: true,
      description:
        'Where events are sent: an https:// or http:// address without a user, a password or a fragment, of at most 2048 characters, that is no private one.',
    }),
    events: t.field({
      type: [WebhookEventType],
      required: true,
      description: 'The events to send: at least one, each once.',
    }),
  }),
});

const Success = builder.objectRef<EndpointWithSecret>('CreateWebhookEndpointSuccess').implement({
  description: 'The endpoint is there, and is sent every event from now on.',
  fields: t => ({
    endpoint: t.field({
      type: WebhookEndpoint,
      description: 'The endpoint.',
      resolve: ({ endpoint }) => endpoint,
    }),
    secret: t.exposeString('secret', {
      description:
        'The key that signs what it is sent, as Standard Webhooks has it. Shown here once, and nowhere else.',
    }),
  }),
});

builder.mutationField('createWebhookEndpoint', t =>
  t.field({
    type: Success,
    nullable: true,
    description: `Has an organization's events sent to an address. An organization has at most ${MOST_ENDPOINTS} endpoints. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: CreateWebhookEndpointInput,
        required: true,
        description: 'What to send where.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'The endpoint and its key, or why there is none.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => createWebhookEndpoint(ctx, input),
  }),
);
