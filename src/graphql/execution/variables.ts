import {
  coerceInputValue,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

/** The most errors of variables in one answer, as in graphql-js. */
const MAX_ERRORS = 50;

/** Coerces an operation's variables to their types. */
export type CoerceVariables = (values: {
  readonly [name: string]: unknown;
}) => ReturnType<typeof getVariableValues>;

/**
 * Looks up the types once, for all calls of the returned function. If a value does not fit its type, graphql-js coerces the
 * variables instead and explains why.
 */
export function coercerOf(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  const explain: CoerceVariables = values =>
    getVariableValues(schema, definitions, values, { maxErrors: MAX_ERRORS });
  const variables = definitions.flatMap(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node);
    return isInputType(type) ? [{ name: variable.name.value, type, defaultValue }] : [];
  });
  if (variables.length < definitions.length) return explain;
  return values => {
    const coerced: Record<string, unknown> = {};
    let isGood = true;
    const fail = () => {
      isGood = false;
    };
    for (const { name, type, defaultValue } of variables) {
      const isGiven = Object.hasOwn(values, name);
      const value = values[name];
      if (isNonNullType(type) && (isGiven ? value === null : !defaultValue)) return explain(values);
      if (isGiven) coerced[name] = coerceInputValue(value, type, fail);
      else if (defaultValue) coerced[name] = valueFromAST(defaultValue, type);
      if (!isGood) return explain(values);
    }
    return { coerced };
  };
}
