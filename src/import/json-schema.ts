import { z } from 'zod';
import * as rows from './document.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const KINDS = {
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
  MailOptOut: rows.MailOptOut,
  UserId: rows.UserId,
};

/** Returns the JSON Schema of an import file, derived from the schemas that read the file. It does not check references. */
export function importSchema(): JsonSchema {
  const $defs = Object.fromEntries(
    Object.entries(KINDS).map(([kind, schema]) => [kind, schemaOf(schema)]),
  );
  const { Seat: seat = {} } = $defs;
  Object.assign(seat.properties?.metadata ?? {}, { type: 'object' });
  seat.oneOf = SEAT_POOLS.map(given);
  Object.assign($defs.AccessToken ?? {}, { oneOf: ['token', 'tokenHash'].map(given) });
  for (const [kind, references] of Object.entries(REFERENCES)) {
    const identified = { anyOf: ['id', 'externalId'].map(given) };
    Object.assign($defs[kind] ?? {}, {
      allOf: [
        identified,
        ...references.map(key => ({
          oneOf: [`${key}Id`, `${key}ExternalId`].map(given),
        })),
      ],
    });
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'usher import file',
    description: '`npm run import -- FILE.json` loads the whole file or nothing.',
    ...schemaOf(rows.ImportFile),
    $defs,
  };
}

const SEAT_POOLS = ['subscriptionId', 'subscriptionExternalId', 'orderId', 'orderExternalId'];

/** The rows that an id or an external id identifies, with the rows that they must reference by either. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  Product: [],
  Customer: [],
  Subscription: ['product', 'customer'],
  Order: ['customer'],
};

/** Returns the schema of a row in which a key is not null. */
function given(key: string): JsonSchema {
  return { required: [key], properties: { [key]: { type: 'string' } } };
}

/** Returns the JSON Schema of the input of one row. The description of a key comes last. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const [key, property] of Object.entries(own.properties ?? {})) {
    if (typeof property !== 'object' || own.properties === undefined) continue;
    const { items, description, ...rest } = property;
    own.properties[key] = { ...rest, ...(items && { items }), ...(description && { description }) };
  }
  return own;
}
