import { z } from 'zod';
import * as rows from './document.ts';

type JsonSchema = Record<string, unknown>;

/** What each key of the file means, by the kind of row. */
const KEYS: Record<keyof typeof KINDS, Record<string, string>> = {
  World: {
    $schema: 'This schema, so that an editor completes the file.',
    users: 'People with personal access tokens.',
    organizations: 'Companies that sell by the seat, each with all that is its own.',
  },
  User: {
    id: 'A UUID of your choice. It names the user in every later file.',
    email: 'The address by which `npm run token` finds the user.',
    accessTokens: 'Personal access tokens.',
  },
  AccessToken: {
    token: 'The token itself. usher stores its hash alone.',
    scopes: 'What the token may do.',
    expiresAt: 'When it stops working; null or left out is never.',
  },
  Organization: {
    id: 'A UUID of your choice. It names the organization in every later file.',
    slug: 'The name in addresses: letters and digits, with single hyphens or underscores between them.',
    name: 'The name that people read.',
    seatBasedPricingEnabled: 'Whether seats can be assigned at all.',
    memberModelEnabled:
      "Whether a seat's holder is a member of the buying customer, or else a customer of its own.",
    status: 'A blocked organization has no working access tokens and no working invitations.',
    userIds:
      'The users who may act for the organization: exactly these. Left out, memberships stay as they are.',
    accessTokens: "The organization's access tokens.",
    products: 'What it sells.',
    customers: 'Who buys.',
    subscriptions: 'Recurring purchases of seats.',
    orders: 'One-time purchases of seats.',
    seats: 'Seats that were given already.',
    webhookEndpoints: 'Where it wants to hear of its seats.',
  },
  Product: { id: 'A UUID of your choice.', name: 'The name that invitations show.' },
  Customer: {
    id: 'A UUID of your choice.',
    email: 'The billing address. Unique in the organization, whatever its case.',
    name: 'The name that people read.',
    externalId: "The customer's id in your own system.",
    members: "The customer's team.",
    sessions: 'Portal sessions of the customer.',
    memberSessions: 'Portal sessions of its members.',
  },
  Member: {
    id: 'A UUID of your choice.',
    email: 'Unique in the team, whatever its case.',
    name: 'The name that people read.',
    externalId: "The member's id in your own system. Unique in the team.",
    role: 'A team has at most one owner.',
  },
  CustomerSession: { token: 'The token itself.', expiresAt: 'When it stops working.' },
  MemberSession: {
    token: 'The token itself.',
    memberId: 'The member whose session it is.',
    expiresAt: 'When it stops working.',
  },
  Subscription: {
    id: 'A UUID of your choice.',
    productId: 'The product that was bought.',
    customerId: 'The customer who pays.',
    seats: 'How many seats were bought; null where it is not sold by the seat.',
    status: 'Seats of a subscription that has ended are revoked.',
    checkoutId: 'The checkout in which it was bought.',
    createdAt: 'When it was bought.',
  },
  Order: {
    id: 'A UUID of your choice.',
    productId: 'The product that was bought.',
    customerId: 'The customer who pays.',
    seats: 'How many seats were bought; null where it is not sold by the seat.',
    status: 'Seats of an order that has ended are revoked.',
    checkoutId: 'The checkout in which it was bought.',
    createdAt: 'When it was bought.',
  },
  Seat: {
    id: 'A UUID of your choice.',
    subscriptionId: 'The subscription it belongs to. A seat has this or `orderId`.',
    orderId: 'The order it belongs to. A seat has this or `subscriptionId`.',
    status: 'Where it stands in its life.',
    customerId: 'The customer who pays, or, without the member model, who holds the seat.',
    memberId: 'The member who holds it.',
    email: "The holder's address, for somebody who is no member yet.",
    metadata: 'Facts of your own: at most 10 keys, and texts, numbers and booleans as values.',
    invitationToken: 'The token of an invitation that was sent elsewhere.',
    invitationTokenExpiresAt: 'When that invitation ends; null or left out is never.',
    claimedAt: 'When it was claimed.',
    revokedAt: 'When it was revoked.',
    createdAt: 'When it was given for the first time.',
  },
  WebhookEndpoint: {
    id: 'A UUID of your choice.',
    url: 'An http or https address.',
    secret: 'The key that signs.',
    events: 'What it wants to hear of.',
  },
};

const KINDS = {
  World: rows.World,
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

/** Which rows stand in which lists. */
const LISTS: Partial<Record<keyof typeof KINDS, Record<string, keyof typeof KINDS | 'UserId'>>> = {
  World: { users: 'User', organizations: 'Organization' },
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

/** The JSON Schema of an import file, from the schemas that read it. What refers to other rows, it cannot say. */
export function importSchema(): JsonSchema {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const { World: whole, ...others } = Object.fromEntries(
    kinds.map(kind => [kind, schemaOf(kind)]),
  ) as Record<keyof typeof KINDS, JsonSchema>;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'An import file of usher',
    description: 'Loaded by `npm run import -- FILE.json`, whole or not at all.',
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

/** The schema of one row by itself, as it is written. */
function bare(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return own;
}
