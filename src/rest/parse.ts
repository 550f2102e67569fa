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

const assignFields = z.object({
  subscription_id: nullable(anyUuid, {
    description: 'The subscription to take the seat from. Give exactly one source.',
    examples: [UUID_EXAMPLE],
  }),
  order_id: nullable(anyUuid, {
    description: 'The order of a one-time purchase to take the seat from.',
    examples: [UUID_EXAMPLE],
  }),
  email: nullable(email, {
    description: 'The e-mail address of whoever gets the seat.',
    examples: ['jsmith@example.com'],
  }),
  external_customer_id: nullable(externalId, {
    description: 'Your own id of the customer who gets the seat.',
    examples: ['user_42'],
  }),
  customer_id: nullable(anyUuid, {
    description: 'The id of the customer who gets the seat.',
    examples: [UUID_EXAMPLE],
  }),
  external_member_id: nullable(externalId, {
    description:
      'Your own id of the member who gets the seat. With `email`, the member is made when there is none.',
    examples: ['employee_7'],
  }),
  member_id: nullable(anyUuid, {
    description: 'The id of the member who gets the seat.',
    examples: [UUID_EXAMPLE],
  }),
  metadata: nullable(metadata, {
    description: 'Whatever you want to keep with the seat: at most 10 keys and 1 KB as JSON.',
    examples: [{ department: 'Engineering' }],
  }),
  immediate_claim: optional(lenientBoolean, {
    description: 'Whether the seat is claimed at once, without an invitation.',
    default: false,
  }),
  checkout_id: nullable(anyUuid, {
    description: 'The checkout whose subscription or order to take the seat from.',
    examples: [UUID_EXAMPLE],
  }),
});

type AssignFields = z.output<typeof assignFields>;

/** The body of both endpoints that assign a seat: one of three sources, one of five recipients. */
export const assignBody = assignFields
  .transform((fields, ctx) => ({ fields, source: chooseSource(fields, ctx) }))
  .transform(({ fields, source }, ctx) => ({
    source,
    recipient: chooseRecipient(fields, ctx),
    metadata: fields.metadata,
    immediateClaim: fields.immediate_claim ?? false,
  }));

/** The body that claims a seat. */
export const claimBody = z
  .object({
    invitation_token: required(text, {
      description: 'The token of the invitation link.',
      examples: ['q1Xz3zJ9V7nYlZ0mB2cD4eF6gH8iJ0kL2mN4oP6qR8s'],
    }),
  })
  .transform(fields => ({ invitationToken: fields.invitation_token }));

/** The query that says whose seats to list. */
export const listQuery = z
  .object({
    subscription_id: optional(uuidV4, { description: 'List the seats of this subscription.' }),
    order_id: optional(uuidV4, { description: 'List the seats of this order.' }),
  })
  .transform(({ subscription_id: subscriptionId, order_id: orderId }) => ({
    ...(subscriptionId !== undefined && { subscriptionId }),
    ...(orderId !== undefined && { orderId }),
  }));

/** The path parameter of the endpoints for one seat. */
export const seatPath = z
  .object({ seat_id: required(uuidV4, { description: 'The id of the seat.' }) })
  .transform(fields => fields.seat_id);

// Past any real list, and small enough for PostgreSQL's 64-bit OFFSET.
const MAX_PAGE = 2 ** 31;

/** The query of a paged list. */
export const paginationQuery = z
  .object({
    page: optional(positiveInteger(MAX_PAGE), {
      description: 'The page, counted from 1.',
      default: 1,
    }),
    limit: optional(positiveInteger(100), {
      description: 'How many items a page has; at most 100.',
      default: 10,
    }),
  })
  .transform(({ page = 1, limit = 10 }) => ({ page, limit }));

/** Parses the body that assigns a seat. Throws `RequestValidationError`, like every parser here. */
export function parseAssign(body: unknown) {
  return parse(assignBody, 'body', body);
}

/** Parses the body that claims a seat. */
export function parseClaim(body: unknown) {
  return parse(claimBody, 'body', body);
}

/** Parses the query that says whose seats to list. Of a repeated parameter the last counts. */
export function parseListQuery(searchParams: URLSearchParams) {
  return parse(listQuery, 'query', Object.fromEntries(searchParams));
}

/** Parses page and limit, by default 1 and 10. Of a repeated parameter the last counts. */
export function parsePagination(searchParams: URLSearchParams) {
  return parse(paginationQuery, 'query', Object.fromEntries(searchParams));
}

/** Parses the id of a seat as it stands, decoded, in the path. */
export function parseSeatId(raw: string) {
  return parse(seatPath, 'path', { seat_id: raw });
}

/** Parses what came in `location` with a schema. Throws `RequestValidationError`. */
export function parse<T>(
  schema: z.ZodType<T>,
  location: 'body' | 'query' | 'path',
  input: unknown,
): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new RequestValidationError(validationErrors(result.error, location, input));
}

function chooseSource(fields: AssignFields, ctx: z.RefinementCtx): SeatSourceInput {
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

function chooseRecipient(fields: AssignFields, ctx: z.RefinementCtx): SeatRecipientInput {
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
