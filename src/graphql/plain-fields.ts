import { type GraphQLSchema, isObjectType } from 'graphql';

/**
 * Takes the resolvers from fields that only show the property of the same name, which is what a field without one does
 * too: at no call, where there are a thousand of them in an answer.
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
