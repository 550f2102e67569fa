import { type InputIssue, type InputIssueCode, InvalidInput } from '../domain/errors.ts';
import { isStorable, LONGEST_EXTERNAL_ID, NOT_STORABLE } from '../domain/storable-text.ts';
import { parseEmail } from '../email/parse-email.ts';
import { inexactNumberIn } from '../json/exact-numbers.ts';
import type { SeatRecipientInput, SeatSourceInput } from '../seats/inputs.ts';
import { checkMetadata } from '../seats/metadata.ts';
import type { PoolKind } from '../seats/read/read-pool.ts';
import { builder } from './builder.ts';

/** Where a seat is taken from. */
export const SeatSource = builder.inputType('SeatSourceInput', {
  description: 'A seat pool: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    subscriptionId: t.field({ type: 'ID', description: 'The id of a subscription.' }),
    subscriptionExternalId: t.string({
      description: "The id of a subscription in the organization's own system.",
    }),
    orderId: t.field({ type: 'ID', description: 'The id of an order.' }),
    orderExternalId: t.string({
      description: "The id of an order in the organization's own system.",
    }),
    checkoutId: t.field({
      type: 'ID',
      description: 'The id of a checkout, for its subscription or else its oldest order.',
    }),
  }),
});

const ExternalMember = builder.inputType('ExternalMemberInput', {
  description: 'A member by external id.',
  fields: t => ({
    externalId: t.string({ required: true, description: 'The external id.' }),
    email: t.string({
      description:
        'If there is no member with this external id: the address of the member to link it to, or to create.',
    }),
  }),
});

/** Who gets a seat. */
export const SeatRecipient = builder.inputType('SeatRecipientInput', {
  description: 'The recipient of a seat: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    email: t.string({
      description:
        'An e-mail address. If the billing customer has no member with it, the member is created.',
    }),
    customerId: t.field({
      type: 'ID',
      description:
        "The id of a customer. With the member model, the customer's e-mail address identifies the member.",
    }),
    externalCustomerId: t.string({
      description: 'The external id of a customer.',
    }),
    memberId: t.field({ type: 'ID', description: 'The id of a member of the billing customer.' }),
    externalMember: t.field({
      type: ExternalMember,
      description: 'A member of the billing customer by external id.',
    }),
  }),
});

/** Returns the external id of a pool; undefined if the source has none. */
export function externalIdOf({
  subscriptionExternalId,
  orderExternalId,
}: typeof SeatSource.$inferInput): { kind: PoolKind; externalId: string } | undefined {
  if (typeof subscriptionExternalId === 'string') {
    return { kind: 'subscription', externalId: subscriptionExternalId };
  }
  return typeof orderExternalId === 'string'
    ? { kind: 'order', externalId: orderExternalId }
    : undefined;
}

/** Returns a source in the domain's terms. `@oneOf` guarantees exactly one id. */
export function toSource(input: typeof SeatSource.$inferInput): SeatSourceInput {
  if (input.subscriptionId) return { kind: 'subscription', id: input.subscriptionId };
  if (input.orderId) return { kind: 'order', id: input.orderId };
  if (input.checkoutId) return { kind: 'checkout', id: input.checkoutId };
  throw new InvalidInput([issue(['source'], 'ONE_OF', 'Name exactly one source.')]);
}

/** Returns a recipient in the domain's terms. `@oneOf` guarantees exactly one key. Throws InvalidInput. */
export function toRecipient(input: typeof SeatRecipient.$inferInput): SeatRecipientInput {
  const path = ['recipient'];
  if (typeof input.email === 'string') {
    return { kind: 'email', email: email(input.email, [...path, 'email']) };
  }
  if (input.customerId) return { kind: 'customer', customerId: input.customerId };
  if (input.memberId) return { kind: 'member', memberId: input.memberId };
  if (typeof input.externalCustomerId === 'string') {
    const externalCustomerId = text(input.externalCustomerId, [...path, 'externalCustomerId']);
    return { kind: 'externalCustomer', externalCustomerId };
  }
  if (input.externalMember) {
    const inside = [...path, 'externalMember'];
    const externalMemberId = text(input.externalMember.externalId, [...inside, 'externalId']);
    return typeof input.externalMember.email === 'string'
      ? {
          kind: 'externalMember',
          externalMemberId,
          email: email(input.externalMember.email, [...inside, 'email']),
        }
      : { kind: 'externalMember', externalMemberId };
  }
  throw new InvalidInput([issue(path, 'ONE_OF', 'Name exactly one recipient.')]);
}

/** Returns metadata within the domain's limits; throws InvalidInput beyond them. */
export function toMetadata<T extends Record<string, unknown>>(
  metadata: T | null | undefined,
): T | undefined {
  if (!metadata) return undefined;
  const reason = checkMetadata(metadata);
  if (reason !== undefined) throw new InvalidInput([issue(['metadata'], 'METADATA', reason)]);
  const inexact = inexactNumberIn(metadata);
  if (inexact !== undefined) {
    const path = ['metadata', ...inexact.path.map(String)];
    throw new InvalidInput([issue(path, 'INEXACT_NUMBER', inexact.message)]);
  }
  return metadata;
}

/** Returns an address in its normalised form; throws InvalidInput for a text that is not an address. */
export function email(value: string, path: readonly string[]): string {
  const parsed = parseEmail(value);
  if (parsed.ok) return parsed.email;
  throw new InvalidInput([issue(path, 'EMAIL', parsed.reason)]);
}

/** Returns a text that the database can store and find again; throws InvalidInput for any other. */
export function text(value: string, path: readonly string[]): string {
  if (!isStorable(value)) throw new InvalidInput([issue(path, 'TEXT', NOT_STORABLE)]);
  if (value.length > LONGEST_EXTERNAL_ID) {
    throw new InvalidInput([issue(path, 'TOO_LONG', `At most ${LONGEST_EXTERNAL_ID} characters`)]);
  }
  return value;
}

function issue(path: readonly string[], code: InputIssueCode, message: string): InputIssue {
  return { path, code, message };
}
