import * as errors from '../../domain/errors.ts';
import {
  createWebhookEndpoint,
  type EndpointWithSecret,
  MAX_ENDPOINTS,
} from '../../webhooks/create.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { WebhookEndpoint, WebhookEventType } from '../types/webhook-endpoint.ts';

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'Input of `createWebhookEndpoint`.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    url: t.string({
      required: true,
      description:
        'The public https:// or http:// URL that receives events: at most 2048 characters, without user, password and fragment.',
    }),
    events: t.field({
      type: [WebhookEventType],
      required: true,
      description: 'The event types to send: at least one, without duplicates.',
    }),
  }),
});

const Success = builder.objectRef<EndpointWithSecret>('CreateWebhookEndpointSuccess').implement({
  description: 'The endpoint was created and receives all events from now on.',
  fields: t => ({
    endpoint: t.field({
      type: WebhookEndpoint,
      description: 'The endpoint.',
      resolve: ({ endpoint }) => endpoint,
    }),
    secret: t.exposeString('secret', {
      description:
        'The Standard Webhooks secret that signs deliveries to the endpoint. It is shown only here.',
    }),
  }),
});

builder.mutationField('createWebhookEndpoint', t =>
  t.field({
    type: Success,
    nullable: true,
    description: `Creates a webhook endpoint for an organization's events. An organization has at most ${MAX_ENDPOINTS} endpoints. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: CreateWebhookEndpointInput,
        required: true,
        description: 'The URL and the events.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `createWebhookEndpoint`.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => createWebhookEndpoint(ctx, input),
  }),
);
