import * as errors from '../../domain/errors.ts';
import type { EndpointWithSecret } from '../../webhooks/create.ts';
import { rotateWebhookSecret } from '../../webhooks/rotate-secret.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const RotateWebhookSecretInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'Input of `rotateWebhookSecret`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
  }),
});

const Success = builder.objectRef<EndpointWithSecret>('RotateWebhookSecretSuccess').implement({
  description: 'The endpoint has a new secret.',
  fields: t => ({
    endpoint: t.field({
      type: WebhookEndpoint,
      description: 'The endpoint after the change.',
      resolve: ({ endpoint }) => endpoint,
    }),
    secret: t.exposeString('secret', {
      description: 'The new secret. It is shown only here.',
    }),
  }),
});

builder.mutationField('rotateWebhookSecret', t =>
  t.field({
    type: Success,
    nullable: true,
    description: `Replaces an endpoint's secret. For 24 hours, or until the next rotation, the old secret signs as well. ${MANAGING_WEBHOOKS}`,
    args: {
      input: t.arg({
        type: RotateWebhookSecretInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `rotateWebhookSecret`.' },
      types: [errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => rotateWebhookSecret(ctx, input.id),
  }),
);
