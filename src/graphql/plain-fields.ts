import { type GraphQLSchema, isObjectType } from 'graphql';

/**
 * Removes the resolvers of fields that only show the property of the same name. GraphQL does the same for a field without a
 * resolver, and saves a call for each of the thousand such fields that an answer may have.
 */
export function withPlainFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { pothosExposedField, pothosPrismaSelect } = field.extensions;
      if (pothosExposedField === field.name && !pothosPrismaSelect) field.resolve = undefined;
    }
  }
  return schema;
}
