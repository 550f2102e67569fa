import { z } from 'zod';
import { anyUuid, externalId, nullable, webUrl } from './fields.ts';
import { parse } from './parse.ts';
import { refuse, valueError } from './validation.ts';

/**
 * Schema of the body that creates a session: exactly one of two ids of a customer, and at most one of two ids of a member.
 */
export const customerSessionBody = z
  .object({
    customer_id: nullable(anyUuid, {
      description: 'The id of the customer.',
      examples: ['9d2b0c9e-33c4-4b0f-9a57-2c1d6f1b7a20'],
    }),
    external_customer_id: nullable(externalId, {
      description: 'Your own id of the customer.',
      examples: ['globex'],
    }),
    member_id: nullable(anyUuid, {
      description: 'The id of the member whose session it is; the owner if omitted.',
      examples: ['51e0b6a4-0d5c-4f7e-8a7c-0c5c5d1b3a31'],
    }),
    external_member_id: nullable(externalId, {
      description: 'Your own id of the member.',
      examples: ['globex-1'],
    }),
    return_url: nullable(webUrl, {
      description: 'The address to which the portal links back.',
      examples: ['https://globex.example/account'],
    }),
  })
  .transform((fields, ctx) => ({
    customer: oneOf(
      ctx,
      fields.customer_id !== undefined && { customerId: fields.customer_id },
      fields.external_customer_id !== undefined && {
        externalCustomerId: fields.external_customer_id,
      },
      'Exactly one of customer_id or external_customer_id must be provided',
    ),
    member:
      fields.member_id === undefined && fields.external_member_id === undefined
        ? undefined
        : oneOf(
            ctx,
            fields.member_id !== undefined && { memberId: fields.member_id },
            fields.external_member_id !== undefined && {
              externalMemberId: fields.external_member_id,
            },
            'Cannot provide both external_member_id and member_id',
          ),
    returnUrl: fields.return_url ?? null,
  }));

function oneOf<A, B>(ctx: z.RefinementCtx, a: A | false, b: B | false, otherwise: string): A | B {
  if (a !== false && b === false) return a;
  if (b !== false && a === false) return b;
  return refuse(ctx, valueError(otherwise));
}

/** Parses the body that creates a session. Throws `RequestValidationError`. */
export function parseCustomerSession(body: unknown) {
  return parse(customerSessionBody, 'body', body);
}
