import { isStorable } from '../../domain/storable-text.ts';
import { parseEmail } from '../../email/parse-email.ts';
import type { SeatFilter } from '../../seats/read/seat-filter.ts';
import { builder } from '../builder.ts';
import { badInput, requireValues } from '../pages.ts';
import { requireSearch } from '../search.ts';
import { SeatStatus } from './customer-seat.ts';
import { SeatInvitationState } from './seat-invitation.ts';

const DateTimeRange = builder.inputType('DateTimeRange', {
  description: 'A range of time. At least one end is required.',
  fields: t => ({
    since: t.field({ type: 'DateTime', description: 'The first moment of the range.' }),
    before: t.field({ type: 'DateTime', description: 'The first moment after the range.' }),
  }),
});

const MetadataFact = builder.inputType('MetadataFact', {
  description: "A key and a value of a seat's metadata.",
  fields: t => ({
    key: t.string({ required: true, description: 'The key.' }),
    value: t.string({
      required: true,
      description: 'The value as text, such as `"red"` for a string, or `"5"` for a number.',
    }),
  }),
});

/** Conditions for the seats of a list. */
export const CustomerSeatFilter = builder.inputType('CustomerSeatFilter', {
  description:
    'Conditions for seats: a seat has to meet all of them. Where a condition is a list, one match is enough, except for `metadata`. An empty list is an error. A list has at most 100 values.',
  fields: t => ({
    ids: t.field({ type: ['ID'], description: 'The ids of the seats.' }),
    status: t.field({ type: [SeatStatus], description: 'The statuses.' }),
    invitationState: t.field({
      type: [SeatInvitationState],
      description: 'The states of the latest invitation.',
    }),
    search: t.string({
      description:
        "A part of the holder's e-mail address, name or external id, ignoring case: at least three characters, two of them letters or digits.",
    }),
    email: t.field({
      type: 'String',
      description: "The holder's e-mail address, ignoring case.",
    }),
    memberIds: t.field({ type: ['ID'], description: 'The members who hold the seats.' }),
    poolIds: t.field({ type: ['ID'], description: 'The subscriptions and orders.' }),
    productIds: t.field({
      type: ['ID'],
      description: 'The products of the subscriptions and orders.',
    }),
    metadata: t.field({ type: [MetadataFact], description: 'Metadata: all of these facts.' }),
    assignedAt: t.field({
      type: DateTimeRange,
      description: 'When the seat was assigned to its current or last holder.',
    }),
    claimedAt: t.field({ type: DateTimeRange, description: 'When the holder claimed the seat.' }),
    invitationExpiresAt: t.field({
      type: DateTimeRange,
      description: 'When the latest invitation expires or expired.',
    }),
  }),
});

const CustomerSeatOrderField = builder.enumType('CustomerSeatOrderField', {
  description: 'What seats are ordered by.',
  values: {
    CREATED_AT: { value: 'createdAt', description: 'When the seat was first assigned.' },
    ASSIGNED_AT: {
      value: 'assignedAt',
      description: 'When the seat was assigned to its current or last holder.',
    },
    CLAIMED_AT: {
      value: 'claimedAt',
      description: 'When the holder claimed the seat. Unclaimed seats come last.',
    },
    EMAIL: {
      value: 'email',
      description: 'The `email` of the seat, ignoring case. Seats without one come last.',
    },
    INVITATION_EXPIRES_AT: {
      value: 'invitationTokenExpiresAt',
      description: 'When the latest invitation expires. Seats for which it never does come last.',
    },
  } as const,
});

/** The direction of an order. */
const OrderDirection = builder.enumType('OrderDirection', {
  description: 'The direction of an order.',
  values: {
    ASC: {
      value: 'asc',
      description: 'From the smallest to the largest, or from oldest to newest.',
    },
    DESC: {
      value: 'desc',
      description: 'From the largest to the smallest, or from newest to oldest.',
    },
  } as const,
});

/** The order of a list of seats. */
export const CustomerSeatOrder = builder.inputType('CustomerSeatOrder', {
  description:
    'The order of seats; equal ones are ordered by id. A seat whose place changes after the first page, such as by a new assignment, is not on the later pages.',
  fields: t => ({
    field: t.field({
      type: CustomerSeatOrderField,
      required: true,
      defaultValue: 'createdAt',
      description: 'What seats are ordered by.',
    }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'asc',
      description: 'The direction.',
    }),
  }),
});

const LISTS = [
  'ids',
  'status',
  'invitationState',
  'memberIds',
  'poolIds',
  'productIds',
  'metadata',
] as const;
const RANGES = ['assignedAt', 'claimedAt', 'invitationExpiresAt'] as const;

/** Returns a filter for the database. Throws a GraphQLError for an invalid one. */
export function toSeatFilter(
  input: typeof CustomerSeatFilter.$inferInput | null | undefined,
): SeatFilter {
  if (!input) return {};
  for (const name of LISTS) requireValues(`filter.${name}`, input[name]);
  for (const name of RANGES) {
    const range = input[name];
    if (range && !range.since && !range.before) {
      throw badInput(`\`filter.${name}\` needs \`since\`, \`before\` or both.`);
    }
  }
  for (const { key, value } of input.metadata ?? []) {
    if (!isStorable(key) || !isStorable(value)) {
      throw badInput('`filter.metadata` has text that cannot be stored.');
    }
  }
  const filter = { ...input, search: requireSearch('filter.search', input.search) };
  if (typeof input.email !== 'string') return filter;
  const parsed = parseEmail(input.email);
  // A malformed address matches nobody.
  return parsed.ok ? { ...filter, email: parsed.email } : { ...filter, email: null, status: [] };
}
