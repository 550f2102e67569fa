import { z } from 'zod';
import * as rows from './document.ts';

type JsonSchema = Record<string, unknown>;

/** The description of each key, by kind of row. */
const KEYS: Record<keyof typeof KINDS, Record<string, string>> = {
  ImportFile: {
    $schema: 'The address of this schema, with which an editor completes the file.',
    users: 'People with personal access tokens.',
    organizations: 'Companies that sell by the seat, each with its data.',
  },
  User: {
    id: 'A UUID of your choice. It identifies the user in every later file.',
    email: 'The address with which `npm run token` finds the user.',
    accessTokens: 'Personal access tokens.',
  },
  AccessToken: {
    token: 'The token in plain text. usher stores only its hash.',
    scopes: 'The permissions of the token.',
    expiresAt: 'The time at which the token expires; null or missing: never.',
  },
  Organization: {
    id: 'A UUID of your choice. It identifies the organization in every later file.',
    slug: 'The unique short name: letters and digits, with single hyphens or underscores between them.',
    name: 'The display name.',
    seatBasedPricingEnabled: 'Whether seats can be assigned.',
    memberModelEnabled:
      'If true, members of the billing customer hold the seats; if false, customers hold them.',
    status: 'The access tokens and invitations of a blocked organization do not work.',
    userIds:
      'The complete list of users who may act for the organization. If missing, memberships stay as they are.',
    accessTokens: "The organization's access tokens.",
    products: 'Products of the organization.',
    customers: 'Customers of the organization.',
    subscriptions: 'Recurring purchases of seats.',
    orders: 'One-time purchases of seats.',
    seats: 'Seats that are already assigned.',
    webhookEndpoints: 'Endpoints that receive its events.',
  },
  Product: { id: 'A UUID of your choice.', name: 'The name that invitations show.' },
  Customer: {
    id: 'A UUID of your choice.',
    email: 'The billing e-mail address. Unique in the organization, case-insensitive.',
    name: 'The display name.',
    externalId: 'The id of the customer in your system.',
    members: 'Members of the customer.',
    sessions: 'Portal sessions of the customer.',
    memberSessions: 'Portal sessions of the members.',
  },
  Member: {
    id: 'A UUID of your choice.',
    email: 'The e-mail address. Unique among the members of the customer, case-insensitive.',
    name: 'The display name.',
    externalId: 'The id of the member in your system. Unique among the members of the customer.',
    role: 'A customer has at most one owner.',
  },
  CustomerSession: {
    token: 'The token in plain text.',
    expiresAt: 'The time at which the session ends.',
  },
  MemberSession: {
    token: 'The token in plain text.',
    memberId: 'The member of the session.',
    expiresAt: 'The time at which the session ends.',
  },
  Subscription: {
    id: 'A UUID of your choice.',
    productId: 'The product that was bought.',
    customerId: 'The billing customer.',
    seats: 'The number of seats bought; null if it is not sold by the seat.',
    status: 'When a subscription ends, its seats are revoked.',
    checkoutId: 'The checkout of the purchase.',
    createdAt: 'The time of the purchase.',
  },
  Order: {
    id: 'A UUID of your choice.',
    productId: 'The product that was bought.',
    customerId: 'The billing customer.',
    seats: 'The number of seats bought; null if it is not sold by the seat.',
    status: 'When an order ends, its seats are revoked.',
    checkoutId: 'The checkout of the purchase.',
    createdAt: 'The time of the purchase.',
  },
  Seat: {
    id: 'A UUID of your choice.',
    subscriptionId: 'The subscription of the seat. A seat has either this or `orderId`.',
    orderId: 'The order of the seat. A seat has either this or `subscriptionId`.',
    status: 'The status of the seat.',
    customerId:
      'The billing customer, or, without the member model, the customer who holds the seat.',
    memberId: 'The member who holds the seat.',
    email: 'The e-mail address of the holder, for a person who is not yet a member.',
    metadata: 'Your own data: at most 10 keys, with strings, numbers and booleans as values.',
    invitationToken: 'The token of an invitation that another system sent.',
    invitationTokenExpiresAt: 'The time at which that invitation expires; null or missing: never.',
    claimedAt: 'The time at which the seat was claimed.',
    revokedAt: 'The time at which the seat was revoked.',
    createdAt: 'The time at which the seat was first assigned.',
  },
  WebhookEndpoint: {
    id: 'A UUID of your choice.',
    url: 'An http or https URL.',
    secret: 'The signing secret.',
    events: 'The event types that the endpoint receives.',
  },
};

const KINDS = {
  ImportFile: rows.ImportFile,
  User: rows.User,
  AccessToken: rows.AccessToken,
  Organization: rows.Organization,
  Product: rows.Product,
  Customer: rows.Customer,
  Member: rows.Member,
  CustomerSession: rows.CustomerSession,
  MemberSession: rows.MemberSession,
  Subscription: rows.Subscription,
  Order: rows.Order,
  Seat: rows.Seat,
  WebhookEndpoint: rows.WebhookEndpoint,
} as const;

/** The kind of row in each list. */
const LISTS: Partial<Record<keyof typeof KINDS, Record<string, keyof typeof KINDS | 'UserId'>>> = {
  ImportFile: { users: 'User', organizations: 'Organization' },
  User: { accessTokens: 'AccessToken' },
  Organization: {
    userIds: 'UserId',
    accessTokens: 'AccessToken',
    products: 'Product',
    customers: 'Customer',
    subscriptions: 'Subscription',
    orders: 'Order',
    seats: 'Seat',
    webhookEndpoints: 'WebhookEndpoint',
  },
  Customer: { members: 'Member', sessions: 'CustomerSession', memberSessions: 'MemberSession' },
};

/** Returns the JSON Schema of an import file, made from the schemas that read it. It does not check references. */
export function importSchema(): JsonSchema {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const { ImportFile: whole, ...others } = Object.fromEntries(
    kinds.map(kind => [kind, schemaOf(kind)]),
  ) as Record<keyof typeof KINDS, JsonSchema>;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'usher import file',
    description: '`npm run import -- FILE.json` loads the whole file or nothing.',
    ...whole,
    $defs: { ...others, UserId: bare(rows.UserId) },
  };
}

function schemaOf(kind: keyof typeof KINDS): JsonSchema {
  const schema = bare(KINDS[kind]);
  const properties = schema.properties as Record<string, JsonSchema>;
  for (const [key, description] of Object.entries(KEYS[kind])) {
    const row = LISTS[kind]?.[key];
    const own = row ? { type: 'array', items: { $ref: `#/$defs/${row}` } } : properties[key];
    properties[key] = { ...own, description };
  }
  if (kind === 'Seat') {
    properties.metadata = { ...properties.metadata, type: 'object' };
    schema.oneOf = ['subscriptionId', 'orderId'].map(key => ({
      required: [key],
      properties: { [key]: { type: 'string' } },
    }));
  }
  return schema;
}

/** Returns the JSON Schema of the input of one row. */
function bare(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return own;
}
