import * as errors from '../../domain/errors.ts';
import type { EndpointWithSecret } from '../../webhooks/create.ts';
import { rotateWebhookSecret } from '../../webhooks/rotate-secret.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const RotateWebhookSecretInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'Which endpoint gets a new key.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The endpoint.' }),
  }),
});

const Success = builder.objectRef<EndpointWithSecret>('RotateWebhookSecretSuccess').implement({
  description: 'The endpoint has a new key.',
  fields: t => ({
    endpoint: t.field({
      type: WebhookEndpoint,
      description: 'The endpoint as it is now.',
      resolve: ({ endpoint }) => endpoint,
    }),
    secret: t.exposeString('secret', {
      description: 'The new key. Shown here once, and nowhere else.',
    }),
  }),
});

builder.mutationField('rotateWebhookSecret', t =>
  t.field({
    type: Success,
    nullable: true,
    description: `Gives an endpoint a new key. The key before signs besides for 24 hours, or until the next rotation, so that receivers can change over. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: RotateWebhookSecretInput,
        required: true,
        description: 'Whose key to change.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'The new key, or why there is none.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => rotateWebhookSecret(ctx, input.id),
  }),
);
