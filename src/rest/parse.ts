import { z } from 'zod';
import type { SeatRecipientInput, SeatSourceInput } from '../seats/inputs.ts';
import {
  anyUuid,
  email,
  externalId,
  lenientBoolean,
  metadata,
  nullable,
  optional,
  positiveInteger,
  required,
  text,
  uuidV4,
} from './fields.ts';
import { RequestValidationError, refuse, validationErrors, valueError } from './validation.ts';

const UUID_EXAMPLE = '1dbfc517-0bbf-4301-9ba8-555ca42b9737';

/** The fields of the body that assigns a seat. */
export const assignFields = z.object({
  subscription_id: nullable(anyUuid, {
    description: 'The id of the subscription. Give exactly one source.',
    examples: [UUID_EXAMPLE],
  }),
  order_id: nullable(anyUuid, {
    description: 'The id of the order.',
    examples: [UUID_EXAMPLE],
  }),
  email: nullable(email, {
    description: 'The e-mail address of the recipient.',
    examples: ['jsmith@example.com'],
  }),
  external_customer_id: nullable(externalId, {
    description: 'Your own id of the customer who receives the seat.',
    examples: ['user_42'],
  }),
  customer_id: nullable(anyUuid, {
    description: 'The id of the customer who receives the seat.',
    examples: [UUID_EXAMPLE],
  }),
  external_member_id: nullable(externalId, {
    description:
      'Your own id of the member who receives the seat. With `email`, the member is created if missing.',
    examples: ['employee_7'],
  }),
  member_id: nullable(anyUuid, {
    description: 'The id of the member who receives the seat.',
    examples: [UUID_EXAMPLE],
  }),
  metadata: nullable(metadata, {
    description: 'Metadata of the seat: at most 10 keys and 1 KB as JSON.',
    examples: [{ department: 'Engineering' }],
  }),
  immediate_claim: optional(lenientBoolean, {
    description: 'Whether to claim the seat immediately, without an invitation.',
    default: false,
  }),
  checkout_id: nullable(anyUuid, {
    description: 'The id of the checkout that created the subscription or order.',
    examples: [UUID_EXAMPLE],
  }),
});

type AssignFields = z.output<typeof assignFields>;
type SourceFields = Pick<AssignFields, 'subscription_id' | 'order_id' | 'checkout_id'>;
type PersonFields = Omit<AssignFields, keyof SourceFields>;

/** Schema of the body that assigns a seat: exactly one of three sources and one recipient. */
export const assignBody = assignFields
  .transform((fields, ctx) => ({ fields, source: chooseSource(fields, ctx) }))
  .transform(({ fields, source }, ctx) => ({ source, ...toPerson(fields, ctx) }));

/** Schema of the body that claims a seat. */
export const claimBody = z
  .object({
    invitation_token: required(text, {
      description: 'The token of the invitation link.',
      examples: ['q1Xz3zJ9V7nYlZ0mB2cD4eF6gH8iJ0kL2mN4oP6qR8s'],
    }),
  })
  .transform(fields => ({ invitationToken: fields.invitation_token }));

/** Schema of the query that selects the seats to list. */
export const listQuery = z
  .object({
    subscription_id: optional(uuidV4, { description: 'List the seats of this subscription.' }),
    order_id: optional(uuidV4, { description: 'List the seats of this order.' }),
  })
  .transform(({ subscription_id: subscriptionId, order_id: orderId }) => ({
    ...(subscriptionId !== undefined && { subscriptionId }),
    ...(orderId !== undefined && { orderId }),
  }));

/** Schema of the path of one seat. */
export const seatPath = z
  .object({ seat_id: required(uuidV4, { description: 'The id of the seat.' }) })
  .transform(fields => fields.seat_id);

// Beyond any real list, and small enough for PostgreSQL's 64-bit OFFSET.
const MAX_PAGE = 2 ** 31;

/** Schema of the query of a paged list. */
export const paginationQuery = z
  .object({
    page: optional(positiveInteger(MAX_PAGE), {
      description: 'The number of the page, starting at 1.',
      default: 1,
    }),
    limit: optional(positiveInteger(100), {
      description: 'The number of items per page; at most 100.',
      default: 10,
    }),
  })
  .transform(({ page = 1, limit = 10 }) => ({ page, limit }));

/** Parses the body that assigns a seat. Throws `RequestValidationError`, like all parsers in this file. */
export function parseAssign(body: unknown) {
  return parse(assignBody, 'body', body);
}

/** Parses the body that claims a seat. */
export function parseClaim(body: unknown) {
  return parse(claimBody, 'body', body);
}

/** Parses the query that selects the seats to list. The last of repeated parameters counts. */
export function parseListQuery(searchParams: URLSearchParams) {
  return parse(listQuery, 'query', Object.fromEntries(searchParams));
}

/** Parses page and limit, which default to 1 and 10. The last of repeated parameters counts. */
export function parsePagination(searchParams: URLSearchParams) {
  return parse(paginationQuery, 'query', Object.fromEntries(searchParams));
}

/** Parses the decoded seat id of a path. */
export function parseSeatId(raw: string) {
  return parse(seatPath, 'path', { seat_id: raw });
}

/** Parses an input with a schema. Throws `RequestValidationError` with paths that start with `location`. */
export function parse<T>(
  schema: z.ZodType<T>,
  location: 'body' | 'query' | 'path',
  input: unknown,
): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new RequestValidationError(validationErrors(result.error, location, input));
}

/** Returns the only source of the fields. Adds an issue if there is none, or more than one. */
export function chooseSource(fields: SourceFields, ctx: z.RefinementCtx): SeatSourceInput {
  const { subscription_id, order_id, checkout_id } = fields;
  const given: SeatSourceInput[] = [];
  if (subscription_id !== undefined) given.push({ kind: 'subscription', id: subscription_id });
  if (order_id !== undefined) given.push({ kind: 'order', id: order_id });
  if (checkout_id !== undefined) given.push({ kind: 'checkout', id: checkout_id });
  const [source, ...others] = given;
  if (source && others.length === 0) return source;
  return refuse(
    ctx,
    valueError('Exactly one of subscription_id, order_id, or checkout_id must be provided'),
  );
}

/** Returns what the fields say about one person of an assignment. Adds an issue if they do not name one recipient. */
export function toPerson(fields: PersonFields, ctx: z.RefinementCtx) {
  return {
    recipient: chooseRecipient(fields, ctx),
    metadata: fields.metadata,
    immediateClaim: fields.immediate_claim ?? false,
  };
}

function chooseRecipient(fields: PersonFields, ctx: z.RefinementCtx): SeatRecipientInput {
  const { email, external_customer_id, customer_id, external_member_id, member_id } = fields;
  const has = (value: string | undefined) => value !== undefined;
  const customers = [external_customer_id, customer_id].filter(has).length;
  const members = [external_member_id, member_id].filter(has).length;
  const clash = (reason: string) => refuse(ctx, valueError(reason));

  if (customers > 0 && members > 0) {
    return clash(
      'Cannot combine external_customer_id/customer_id with external_member_id/member_id',
    );
  }
  if (members === 2) return clash('Cannot provide both external_member_id and member_id');
  if (customers === 2 || (customers === 1 && has(email))) {
    return clash('Exactly one of email, external_customer_id, or customer_id must be provided');
  }
  if (has(member_id) && has(email)) return clash('Cannot combine member_id with email');

  if (external_member_id !== undefined) {
    const externalMemberId = external_member_id;
    return { kind: 'externalMember', externalMemberId, ...(email !== undefined && { email }) };
  }
  if (member_id !== undefined) return { kind: 'member', memberId: member_id };
  if (customer_id !== undefined) return { kind: 'customer', customerId: customer_id };
  if (external_customer_id !== undefined) {
    return { kind: 'externalCustomer', externalCustomerId: external_customer_id };
  }
  if (email !== undefined) return { kind: 'email', email };
  return clash(
    'At least one of email, external_customer_id, customer_id, external_member_id, or member_id must be provided',
  );
}
