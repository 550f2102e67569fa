import { GraphQLError, GraphQLScalarType } from 'graphql';
import {
  GraphQLDateTime,
  GraphQLEmailAddress,
  GraphQLJSONObject,
  GraphQLUUID,
} from 'graphql-scalars';
import { builder } from './builder.ts';

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The library lets a stray brace pass and keeps capitals; the database and our messages want the one canonical form. */
function canonical(value: unknown): string {
  const uuid = String(value).toLowerCase();
  if (!HYPHENATED.test(uuid)) throw new GraphQLError(`Value is not a valid UUID: ${value}`);
  return uuid;
}

builder.addScalarType(
  'UUID',
  new GraphQLScalarType<string, string>({
    ...GraphQLUUID.toConfig(),
    description: 'A UUID (RFC 9562), the same as in the REST API.',
    serialize: String,
    parseValue: value => canonical(GraphQLUUID.parseValue(value)),
    parseLiteral: (node, variables) => canonical(GraphQLUUID.parseLiteral(node, variables)),
  }),
);

builder.addScalarType(
  'EmailAddress',
  new GraphQLScalarType<string, string>({
    ...GraphQLEmailAddress.toConfig(),
    description:
      'An e-mail address. Compared without regard to case, kept as it was first written.',
    // What is stored was checked when it came in, and REST takes addresses that this scalar's pattern does not know.
    serialize: String,
  }),
);

builder.addScalarType('DateTime', GraphQLDateTime);
builder.addScalarType('JSONObject', GraphQLJSONObject);
