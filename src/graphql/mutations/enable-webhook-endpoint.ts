import * as errors from '../../domain/errors.ts';
import { KEPT_ENDPOINT } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { enableWebhookEndpoint } from '../../webhooks/enable.ts';
import { builder } from '../builder.ts';
import { MANAGING_WEBHOOKS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { WebhookEndpoint } from '../types/webhook-endpoint.ts';

const EnableWebhookEndpointInput = builder.inputType('EnableWebhookEndpointInput', {
  description: 'Input of `enableWebhookEndpoint`.',
  fields: t => ({
    id: t.field({ type: 'ID', required: true, description: 'The endpoint.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
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
        { operation: 'enableWebhookEndpoint', key, input },
        KEPT_ENDPOINT,
        keyed => enableWebhookEndpoint(keyed, input.id),
      ),
  }),
);
