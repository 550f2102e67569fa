import { type GraphQLNamedType, getNamedType, isAbstractType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { typePolicies } from './examples/apollo-client.ts';
import introspection from './examples/generated/possible-types.ts';
import { cacheOptions } from './examples/urql-client.ts';

const possibleTypes: Record<string, string[]> = introspection.possibleTypes;
const TYPES = Object.values(schema.getTypeMap());
const PAGE = ['after', 'before', 'first', 'last'];

/** The fields of the objects that queries read. */
const FIELDS = TYPES.filter(isObjectType)
  .filter(({ name }) => name !== 'Mutation' && !/^__|^Would|Success$|Error$/.test(name))
  .flatMap(type => Object.values(type.getFields()).map(field => ({ type: type.name, field })));

/** Returns the policy of a field, which its type has or an interface of its type. */
function policyOf(type: string, field: string) {
  const interfaces = Object.keys(possibleTypes).filter(name => possibleTypes[name]?.includes(type));
  return [type, ...interfaces]
    .map(name => typePolicies[name]?.fields?.[field])
    .find(policy => policy !== undefined);
}

/** Returns whether an object is a part of the one that has it. */
function isPart(type: GraphQLNamedType): boolean {
  if (!isObjectType(type) || /Connection$|Edge$|^PageInfo$/.test(type.name)) return false;
  return type.getFields().id === undefined || typePolicies[type.name]?.keyFields === false;
}

test('the possible types are those of the schema', () => {
  const names = TYPES.filter(isAbstractType).map(({ name }) => name);
  expect(Object.keys(possibleTypes).toSorted()).toEqual(names.toSorted());
  expect(possibleTypes.SeatPool?.toSorted()).toEqual(['CustomerOrder', 'CustomerSubscription']);
});

const LISTS = FIELDS.filter(({ field }) => field.args.some(({ name }) => name === 'after'));

test('Apollo keeps each list by all its arguments but those of pages', () => {
  expect(LISTS.length).toBeGreaterThan(10);
  for (const { type, field } of LISTS) {
    const keyArgs = field.args.map(({ name }) => name).filter(name => !PAGE.includes(name));
    const policy = policyOf(type, field.name) as { keyArgs: string[] } | undefined;
    expect(policy?.keyArgs.toSorted(), `${type}.${field.name}`).toEqual(keyArgs.toSorted());
  }
});

test('Apollo keeps each object without an id of its own as a part of the one that has it', () => {
  const parts = FIELDS.filter(({ field }) => isPart(getNamedType(field.type)));
  expect(parts.length).toBeGreaterThan(5);
  for (const { type, field } of parts) {
    expect(policyOf(type, field.name), `${type}.${field.name}`).toEqual({ merge: true });
  }
});

test('urql joins the pages of each list', () => {
  const resolvers: Record<string, unknown> = cacheOptions.resolvers ?? {};
  for (const { type, field } of LISTS) {
    expect(resolvers[type], `${type}.${field.name}`).toHaveProperty(field.name);
  }
});

test('urql knows each object without an id of its own', () => {
  const parts = FIELDS.map(({ field }) => getNamedType(field.type)).filter(isPart);
  const known = Object.keys(cacheOptions.keys ?? {});
  expect(known).toEqual(expect.arrayContaining(parts.map(({ name }) => name)));
  expect(known).toEqual(expect.arrayContaining(['WouldAssignSeat', 'AssignSeatsSuccess']));
  expect(known).not.toEqual(expect.arrayContaining(['CustomerSeat']));
});
