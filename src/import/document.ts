import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { hashToken } from '../auth/token.ts';
import { TOLD } from '../billing/rules/newest.ts';
import {
  MemberRole,
  OrderStatus,
  OrganizationStatus,
  SeatStatus,
  SubscriptionStatus,
} from '../db/generated/prisma/enums.ts';
import { type InputIssueCode, InvalidInput } from '../domain/errors.ts';
import { isStorable, LONGEST_EXTERNAL_ID } from '../domain/storable-text.ts';
import { addressKey } from '../email/address-key.ts';
import { parseEmail } from '../email/parse-email.ts';
import { inexactNumberIn } from '../json/exact-numbers.ts';
import { checkSettings } from '../organizations/update-settings.ts';
import { checkMetadata } from '../seats/metadata.ts';
import { requireEndpointUrl } from '../webhooks/endpoint-url.ts';
import { WEBHOOK_EVENTS } from '../webhooks/event-types.ts';
import { KNOWN_SCOPES } from './scopes.ts';
import { keyOf } from './tables/all.ts';

// One schema per kind of row. Nested rows are `list` here and are parsed one by one, so that each invalid row is reported.

const LARGEST_INTEGER = 2_147_483_647;
const LONGEST_EMAIL = 320;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for control characters.
const NOT_BARE = /[<>\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
const NOT_BARE_REASON = 'It must have no name, angle brackets or line breaks.';

/** A list of rows that are read one by one: see `readEach`. */
function list(kind: string, description: string) {
  const items = { $ref: `#/$defs/${kind}` };
  return z.array(z.unknown()).optional().meta({ items, description });
}

const id = z.guid().toLowerCase();
const ownId = id.describe('A UUID of your choice.');
const text = z
  .string()
  .refine(isStorable, problem('TEXT', 'contains U+0000 or half a surrogate pair'));
const token = text.min(1);
const title = text.refine(value => value.trim() !== '', problem('BLANK', 'must not be empty'));
const slug = text.regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i, {
  error: 'must be letters and digits, with single hyphens or underscores between them',
});

// The same rule as in the APIs, but without a display name, since programs write the file.
const email = z
  .string()
  .max(LONGEST_EMAIL)
  .transform((value, context) => {
    const parsed = NOT_BARE.test(value)
      ? { ok: false, reason: NOT_BARE_REASON }
      : parseEmail(value);
    if ('email' in parsed) return parsed.email;
    context.issues.push({
      code: 'custom',
      input: value,
      ...problem('EMAIL', `must be an e-mail address: ${parsed.reason}`),
    });
    return z.NEVER;
  });

const time = z
  .string()
  .meta({ format: 'date-time' })
  .toUpperCase()
  .pipe(z.iso.datetime({ offset: true }))
  .transform(value => new Date(value))
  .refine(
    date => isStorableYear(date.getUTCFullYear()),
    problem('RANGE', 'must be in the years 1 to 9999'),
  );

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

/** Reads hexadecimal bytes into PostgreSQL's text form of a `bytea`. */
const bytes = (least: number, most: number, error: string) =>
  z
    .string()
    .regex(new RegExp(`^(?:[0-9a-fA-F]{2}){${least},${most}}$`), { error })
    .transform(value => `\\x${value.toLowerCase()}`);

const sha256 = bytes(32, 32, 'must be a SHA-256 in hexadecimal: 64 digits');
const nonce = bytes(16, 64, 'must be 16 to 64 bytes in hexadecimal');

const createdAt = orNull(time).describe(
  'The time of its creation. It counts if the import creates the row; missing: the time of the import.',
);

/** The times of a row's state in the billing system, in a file from `npm run export -- --all`. */
const newsKeys = (table: keyof typeof TOLD) => ({
  asOf: orNull(time).describe('Like `asOf` of the organization, for this row.'),
  asOfByKey: orNull(
    z.strictObject(Object.fromEntries(TOLD[table].map(column => [keyOf(column), time.nullish()]))),
  ).describe(
    'The times of keys that were told at another time than `asOf`; null: nobody said when. If usher knows the row, these keys stay as they are.',
  ),
});

const externalId = text.min(1).max(LONGEST_EXTERNAL_ID);

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
  $schema: z
    .string()
    .optional()
    .describe('The address of this schema, with which an editor completes the file.'),
  users: list('User', 'People with personal access tokens.'),
  organizations: list('Organization', 'Companies that sell by the seat, each with its data.'),
});

/** A person who may act for organizations with a personal access token. */
export const User = z.strictObject({
  id: id.describe('A UUID of your choice. It identifies the user in every later file.'),
  email: email.describe('The address with which `npm run token` finds the user.'),
  createdAt,
  accessTokens: list('AccessToken', 'Personal access tokens.'),
});

/** A bearer token of the enclosing organization or user. */
export const AccessToken = z
  .strictObject({
    token: orNull(token).describe('The token in plain text. usher stores only its hash.'),
    tokenHash: orNull(sha256).describe(
      'The SHA-256 of the token instead, in hexadecimal, as an export has it.',
    ),
    scopes: z
      .array(z.enum([...KNOWN_SCOPES], { error: 'is not a scope' }))
      .describe('The permissions of the token.'),
    expiresAt: orNull(time).describe(
      'The time at which the token expires; null or missing: never.',
    ),
    createdAt,
  })
  .check(requireOne('token', 'tokenHash'))
  .transform(({ token, tokenHash, ...item }) => ({
    ...item,
    tokenHash: tokenHash ?? hashOf(token ?? ''),
  }));

/** A company that sells by the seat, with all its data. */
export const Organization = z
  .strictObject({
    id: id.describe('A UUID of your choice. It identifies the organization in every later file.'),
    slug: slug.describe(
      'The unique short name: letters and digits, with single hyphens or underscores between them.',
    ),
    name: title.describe('The display name.'),
    seatBasedPricingEnabled: z.boolean().default(true).describe('Whether seats can be assigned.'),
    memberModelEnabled: z
      .boolean()
      .default(true)
      .describe(
        'If true, members of the billing customer hold the seats; if false, customers hold them.',
      ),
    status: z
      .enum(OrganizationStatus)
      .default('active')
      .describe('The access tokens and invitations of a blocked organization do not work.'),
    createdAt,
    sendsInvitations: orNull(z.boolean()).describe(
      'Whether usher mails invitations (true). Like the five keys that follow, it counts if the import creates the organization; later, updateOrganizationSettings changes it.',
    ),
    reminderHours: orNull(z.int()).describe(
      'How many hours before an invitation expires a reminder is sent, 1 to 23; null: none.',
    ),
    returnUrl: orNull(z.string()).describe(
      'The URL to which people continue after they claim a seat.',
    ),
    invitationSubject: orNull(z.string()).describe('The template for the subject of invitations.'),
    invitationText: orNull(z.string()).describe('The template for the text of invitations.'),
    invitationHtml: orNull(z.string()).describe('The template for the HTML of invitations.'),
    userIds: list(
      'UserId',
      'The complete list of users who may act for the organization. If missing, memberships stay as they are.',
    ),
    accessTokens: list('AccessToken', "The organization's access tokens."),
    asOf: orNull(time).describe(
      'When its products, customers, subscriptions and orders were as the file has them. What usher knows as of the same or a later time stays; null or missing: the file takes precedence.',
    ),
    products: list('Product', 'Products of the organization.'),
    customers: list('Customer', 'Customers of the organization.'),
    subscriptions: list('Subscription', 'Recurring purchases of seats.'),
    orders: list('Order', 'One-time purchases of seats.'),
    seats: list('Seat', 'Seats that are already assigned.'),
    webhookEndpoints: list('WebhookEndpoint', 'Endpoints that receive its events.'),
    mailOptOuts: list('MailOptOut', 'Addresses that want no invitations from the organization.'),
  })
  .check(context => {
    const { sendsInvitations: _, ...settings } = context.value;
    for (const { path, code, message } of checkSettings(settings)) {
      const input = context.value;
      context.issues.push({ code: 'custom', path: [...path], input, ...problem(code, message) });
    }
  });

/** The id of a user who may act for the organization. */
export const UserId = id;

/** A product of the organization. */
export const Product = z
  .strictObject({
    id: ownId.optional(),
    name: title.describe('The name that invitations show.'),
    externalId: externalId
      .nullish()
      .describe(
        'The id of the product in your system; if missing, it stays as it is. Without `id`, it identifies the product.',
      ),
    createdAt,
    ...newsKeys('products'),
  })
  .transform(identified);

/** A customer of the organization. */
export const Customer = z
  .strictObject({
    id: ownId.optional(),
    email: orNull(email).describe(
      'The billing e-mail address. Unique in the organization, case-insensitive.',
    ),
    name: orNull(title).describe('The display name.'),
    externalId: orNull(text.max(LONGEST_EXTERNAL_ID)).describe(
      'The id of the customer in your system. Without `id`, it identifies the customer.',
    ),
    createdAt,
    ...newsKeys('customers'),
    members: list('Member', 'Members of the customer.'),
    sessions: list('CustomerSession', 'Portal sessions of the customer.'),
    memberSessions: list('MemberSession', 'Portal sessions of the members.'),
  })
  .transform(identified);

/** A member of the enclosing customer. */
export const Member = z.strictObject({
  id: ownId,
  email: email.describe(
    'The e-mail address. Unique among the members of the customer, case-insensitive.',
  ),
  name: orNull(title).describe('The display name.'),
  externalId: orNull(text.max(LONGEST_EXTERNAL_ID)).describe(
    'The id of the member in your system. Unique among the members of the customer.',
  ),
  role: z.enum(MemberRole).default('member').describe('A customer has at most one owner.'),
  createdAt,
});

/** A portal session of the enclosing customer. */
export const CustomerSession = z
  .strictObject({
    token: token.describe('The token in plain text.'),
    expiresAt: time.describe('The time at which the session ends.'),
  })
  .transform(hashed);

/** A portal session of one of the customer's members. */
export const MemberSession = z
  .strictObject({
    token: token.describe('The token in plain text.'),
    memberId: id.describe('The member of the session.'),
    expiresAt: time.describe('The time at which the session ends.'),
  })
  .transform(hashed);

const poolKeys = {
  id: ownId.optional(),
  externalId: externalId
    .nullish()
    .describe(
      'The id in your system, such as `sub_1Mow`; if missing, it stays as it is. Without `id`, it identifies the row.',
    ),
  productId: orNull(id).describe('The product that was bought.'),
  productExternalId: orNull(externalId).describe('The external id of the product instead.'),
  customerId: orNull(id).describe('The billing customer.'),
  customerExternalId: orNull(externalId).describe('The external id of the customer instead.'),
  seats: orNull(seatCount).describe(
    'The number of seats bought; null if it is not sold by the seat.',
  ),
  checkoutId: orNull(id).describe('The checkout of the purchase.'),
  createdAt: orNull(time).describe('The time of the purchase.'),
};

/** A recurring purchase of seats. */
export const Subscription = z
  .strictObject({
    ...poolKeys,
    status: z
      .enum(SubscriptionStatus)
      .default('active')
      .describe('When a subscription ends, its seats are revoked.'),
    ...newsKeys('subscriptions'),
  })
  .check(
    requireOne('productId', 'productExternalId'),
    requireOne('customerId', 'customerExternalId'),
  )
  .transform(identified);

/** A one-time purchase of seats. */
export const Order = z
  .strictObject({
    ...poolKeys,
    status: z
      .enum(OrderStatus)
      .default('paid')
      .describe('When an order ends, its seats are revoked.'),
    ...newsKeys('orders'),
  })
  .check(
    refuseBoth('productId', 'productExternalId'),
    requireOne('customerId', 'customerExternalId'),
  )
  .transform(identified);

/** A seat of one subscription or order. */
export const Seat = z
  .strictObject({
    id: ownId,
    subscriptionId: orNull(id).describe(
      'The subscription of the seat. A seat has either this or `orderId`.',
    ),
    subscriptionExternalId: orNull(externalId).describe(
      'The external id of the subscription instead.',
    ),
    orderId: orNull(id).describe(
      'The order of the seat. A seat has either this or `subscriptionId`.',
    ),
    orderExternalId: orNull(externalId).describe('The external id of the order instead.'),
    status: z.enum(SeatStatus).describe('The status of the seat.'),
    customerId: orNull(id).describe(
      'The billing customer, or, without the member model, the customer who holds the seat.',
    ),
    customerExternalId: orNull(externalId).describe('The external id of the customer instead.'),
    memberId: orNull(id).describe('The member who holds the seat.'),
    email: orNull(email).describe(
      'The e-mail address of the holder, for a person who is not yet a member.',
    ),
    metadata: metadata
      .default({})
      .describe('Your own data: at most 10 keys, with strings, numbers and booleans as values.'),
    invitationToken: orNull(token).describe('The token of an invitation that another system sent.'),
    invitationTokenHash: orNull(sha256).describe(
      'The SHA-256 of that token instead, in hexadecimal, as an export has it.',
    ),
    invitationNonce: orNull(nonce).describe(
      'The bytes from which usher derives that token together with `SECRET_KEY`, in hexadecimal, as an export has them.',
    ),
    invitationTokenExpiresAt: orNull(time).describe(
      'The time at which that invitation expires; null or missing: never.',
    ),
    claimedAt: orNull(time).describe('The time at which the seat was claimed.'),
    revokedAt: orNull(time).describe('The time at which the seat was revoked.'),
    createdAt: orNull(time).describe('The time at which the seat was first assigned.'),
    assignedAt: orNull(time).describe(
      'The time at which the seat was assigned to its holder; missing: `createdAt`.',
    ),
  })
  .refine(
    ({ subscriptionId, subscriptionExternalId, orderId, orderExternalId }) =>
      [subscriptionId, subscriptionExternalId, orderId, orderExternalId].filter(
        pool => pool !== null,
      ).length === 1,
    'must have exactly one of subscriptionId and orderId',
  )
  .check(
    refuseBoth('customerId', 'customerExternalId'),
    refuseBoth('invitationToken', 'invitationTokenHash'),
  );

/** An endpoint that receives the organization's events. */
export const WebhookEndpoint = z.strictObject({
  id: ownId,
  url: url.describe('An http or https URL.'),
  secret: token.describe('The signing secret.'),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1)
    .describe('The event types that the endpoint receives.'),
  createdAt,
  disabledAt: orNull(time).describe(
    'The time at which it was disabled; null: it is enabled. It counts if the import creates the endpoint.',
  ),
});

/** An address that unsubscribed from the organization's invitations. */
export const MailOptOut = z.strictObject({
  email: email.transform(addressKey).describe('The address.'),
  mailId: orNull(id).describe('The mail whose link said so. The same link undoes it.'),
  createdAt,
});

/** Returns the SHA-256 of a token, in PostgreSQL's text form of a `bytea`. The import keeps only the hash. */
export function hashOf(token: string): string {
  return `\\x${Buffer.from(hashToken(token)).toString('hex')}`;
}

function hashed<Item extends { token: string }>({ token, ...item }: Item) {
  return { ...item, tokenHash: hashOf(token) };
}

/** Gives a row without an id a new id, until the row with its external id is found. */
function identified<
  Item extends { id?: string | undefined; externalId?: string | null | undefined },
>(item: Item, context: z.RefinementCtx) {
  const isNamedExternally = item.id === undefined;
  if (isNamedExternally && (item.externalId ?? null) === null) {
    context.addIssue({ code: 'custom', path: ['id'], ...problem('REQUIRED', 'is missing') });
  }
  return { ...item, id: item.id ?? randomUUID(), isNamedExternally };
}

type Check = z.core.CheckFn<Record<string, unknown>>;

/** Requires exactly one of two keys. */
function requireOne(key: string, other: string): Check {
  return context => {
    if (context.value[key] === null && context.value[other] === null) {
      context.issues.push(issueAt(key, context.value, problem('REQUIRED', 'is missing')));
    }
    refuseBoth(key, other)(context);
  };
}

/** Refuses a row that has both of two equivalent keys. */
function refuseBoth(key: string, other: string): Check {
  return context => {
    if (context.value[key] === null || context.value[other] === null) return;
    const both = problem('ONE_OF', `must not be given together with ${key}`);
    context.issues.push(issueAt(other, context.value, both));
  };
}

function issueAt(key: string, input: unknown, what: ReturnType<typeof problem>) {
  return { code: 'custom' as const, path: [key], input, ...what };
}

/** Returns the message of a rule, and its code for programs. */
function problem(code: InputIssueCode, message: string) {
  return { message, params: { code } };
}

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
