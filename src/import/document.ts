import { z } from 'zod';
import {
  MemberRole,
  OrderStatus,
  OrganizationStatus,
  SeatStatus,
  SubscriptionStatus,
} from '../db/generated/prisma/enums.ts';
import { InvalidInput } from '../domain/errors.ts';
import { isStorable, LONGEST_EXTERNAL_ID } from '../domain/storable-text.ts';
import { parseEmail } from '../email/parse-email.ts';
import { inexactNumberIn } from '../json/exact-numbers.ts';
import { checkMetadata } from '../seats/metadata.ts';
import { requireEndpointUrl } from '../webhooks/endpoint-url.ts';
import { WEBHOOK_EVENTS } from '../webhooks/event-types.ts';
import { KNOWN_SCOPES } from './scopes.ts';

// One schema per kind of row. Nested rows are `list` here and are parsed one by one, so that each invalid row is reported.

const LARGEST_INTEGER = 2_147_483_647;
const LONGEST_EMAIL = 320;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for control characters.
const NOT_BARE = /[<>\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
const NOT_BARE_REASON = 'It must have no name, angle brackets or line breaks.';

const list = z.array(z.unknown()).optional();
const id = z.guid().toLowerCase();
const text = z.string().refine(isStorable, 'contains U+0000 or half a surrogate pair');
const token = text.min(1);
const title = text.refine(value => value.trim() !== '', 'must not be empty');
const slug = text.regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i, {
  error: 'must be letters and digits, with single hyphens or underscores between them',
});

// The same rule as in the APIs, but without a display name, since programs write the file.
const email = text.max(LONGEST_EMAIL).transform((value, context) => {
  const parsed = NOT_BARE.test(value) ? { ok: false, reason: NOT_BARE_REASON } : parseEmail(value);
  if ('email' in parsed) return parsed.email;
  context.issues.push({
    code: 'custom',
    input: value,
    message: `must be an e-mail address: ${parsed.reason}`,
  });
  return z.NEVER;
});

const time = z
  .string()
  .meta({ format: 'date-time' })
  .toUpperCase()
  .pipe(z.iso.datetime({ offset: true }))
  .transform(value => new Date(value))
  .refine(date => isStorableYear(date.getUTCFullYear()), 'must be in the years 1 to 9999');

const url = text.check(context => {
  try {
    // The delivery decides whether private addresses are allowed.
    requireEndpointUrl(context.value, { allowPrivate: true });
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    for (const { message } of error.issues) {
      context.issues.push({ code: 'custom', input: context.value, message });
    }
  }
});

const seatCount = z.int().min(0).max(LARGEST_INTEGER);

const metadata = z.custom<Record<string, unknown>>(isObject, 'must be an object').check(context => {
  const message = checkMetadata(context.value);
  if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
  const inexact = inexactNumberIn(context.value);
  if (inexact !== undefined) {
    context.issues.push({ code: 'custom', input: context.value, ...inexact });
  }
});

/** The whole file. */
export const ImportFile = z.strictObject({
  $schema: z.string().optional(),
  users: list,
  organizations: list,
});

/** A person who may act for organizations with a personal access token. */
export const User = z.strictObject({ id, email, accessTokens: list });

/** A bearer token of the enclosing organization or user. */
export const AccessToken = z.strictObject({
  token,
  scopes: z.array(z.enum([...KNOWN_SCOPES], { error: 'is not a scope' })),
  expiresAt: orNull(time),
});

/** A company that sells by the seat, with all its data. */
export const Organization = z.strictObject({
  id,
  slug,
  name: title,
  seatBasedPricingEnabled: z.boolean().default(true),
  memberModelEnabled: z.boolean().default(true),
  status: z.enum(OrganizationStatus).default('active'),
  userIds: list,
  accessTokens: list,
  products: list,
  customers: list,
  subscriptions: list,
  orders: list,
  seats: list,
  webhookEndpoints: list,
});

/** The id of a user who may act for the organization. */
export const UserId = id;

/** A product of the organization. */
export const Product = z.strictObject({ id, name: title });

/** A customer of the organization. */
export const Customer = z.strictObject({
  id,
  email: orNull(email),
  name: orNull(title),
  externalId: orNull(text.max(LONGEST_EXTERNAL_ID)),
  members: list,
  sessions: list,
  memberSessions: list,
});

/** A member of the enclosing customer. */
export const Member = z.strictObject({
  id,
  email,
  name: orNull(title),
  externalId: orNull(text.max(LONGEST_EXTERNAL_ID)),
  role: z.enum(MemberRole).default('member'),
});

/** A portal session of the enclosing customer. */
export const CustomerSession = z.strictObject({ token, expiresAt: time });

/** A portal session of one of the customer's members. */
export const MemberSession = z.strictObject({ token, memberId: id, expiresAt: time });

/** A recurring purchase of seats. */
export const Subscription = z.strictObject({
  id,
  productId: id,
  customerId: id,
  seats: orNull(seatCount),
  status: z.enum(SubscriptionStatus).default('active'),
  checkoutId: orNull(id),
  createdAt: orNull(time),
});

/** A one-time purchase of seats. */
export const Order = z.strictObject({
  id,
  productId: orNull(id),
  customerId: id,
  seats: orNull(seatCount),
  status: z.enum(OrderStatus).default('paid'),
  checkoutId: orNull(id),
  createdAt: orNull(time),
});

/** A seat of one subscription or order. */
export const Seat = z
  .strictObject({
    id,
    subscriptionId: orNull(id),
    orderId: orNull(id),
    status: z.enum(SeatStatus),
    customerId: orNull(id),
    memberId: orNull(id),
    email: orNull(email),
    metadata: metadata.default({}),
    invitationToken: orNull(token),
    invitationTokenExpiresAt: orNull(time),
    claimedAt: orNull(time),
    revokedAt: orNull(time),
    createdAt: orNull(time),
  })
  .refine(
    seat => (seat.subscriptionId === null) !== (seat.orderId === null),
    'must have exactly one of subscriptionId and orderId',
  );

/** An endpoint that receives the organization's events. */
export const WebhookEndpoint = z.strictObject({
  id,
  url,
  secret: token,
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1),
});

/** Makes a key optional; a missing key is null. */
function orNull<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullable().default(null);
}

function isStorableYear(year: number): boolean {
  return year >= 1 && year <= 9999;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
