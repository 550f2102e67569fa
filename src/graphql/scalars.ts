import {
  GraphQLError,
  GraphQLScalarType,
  Kind,
  type ListValueNode,
  type ObjectValueNode,
  print,
  type ValueNode,
} from 'graphql';
import { GraphQLDateTime, GraphQLEmailAddress, GraphQLJSONObject } from 'graphql-scalars';
import { inexactProblem, markInexact } from '../json/exact-numbers.ts';
import { builder } from './builder.ts';

builder.addScalarType(
  'EmailAddress',
  new GraphQLScalarType<string, string>({
    ...GraphQLEmailAddress.toConfig(),
    description: 'An e-mail address. Comparison ignores case; the original spelling is kept.',
    // Stored addresses were checked on input, and REST accepts addresses that do not match this scalar's pattern.
    serialize: String,
  }),
);

builder.addScalarType('DateTime', GraphQLDateTime);
builder.addScalarType(
  'JSONObject',
  new GraphQLScalarType<object, object>({
    ...GraphQLJSONObject.toConfig(),
    parseLiteral(node, variables) {
      if (node.kind === Kind.OBJECT) return objectOf(node, variables);
      throw new GraphQLError(`JSONObject cannot represent non-object value: ${print(node)}`);
    },
  }),
);

type Variables = Record<string, unknown> | null | undefined;

function objectOf({ fields }: ObjectValueNode, variables: Variables): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const { name, value } of fields) putLiteral(object, name.value, value, variables);
  return object;
}

function listOf({ values }: ListValueNode, variables: Variables): unknown[] {
  const list: unknown[] = [];
  for (const [index, value] of values.entries()) putLiteral(list, index, value, variables);
  return list;
}

/** Stores a literal's value in its parent, and marks a number or a bare word that JSON cannot represent. */
function putLiteral(
  parent: object,
  key: string | number,
  node: ValueNode,
  variables: Variables,
): void {
  Reflect.set(parent, key, literalValue(node, variables));
  const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
  if (node.kind === Kind.ENUM || (isNumber && inexactProblem(node.value) !== undefined)) {
    markInexact(parent, key, node.value);
  }
}

function literalValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.OBJECT:
      return objectOf(node, variables);
    case Kind.LIST:
      return listOf(node, variables);
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.NULL:
    case Kind.ENUM:
      return null;
  }
}
