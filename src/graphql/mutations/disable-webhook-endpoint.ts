import * as errors from '../../domain/errors.ts';
import { KEPT_ENDPOINT } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { disableWebhookEndpoint } from '../../webhooks/disable.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const DisableWebhookEndpointInput = builder.inputType('DisableWebhookEndpointInput', {
  description: 'Input of `disableWebhookEndpoint`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
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
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(
        ctx,
        { operation: 'disableWebhookEndpoint', key, input },
        KEPT_ENDPOINT,
        keyed => disableWebhookEndpoint(keyed, input.id),
      ),
  }),
);
