import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getVariableValues,
  type InlineFragmentNode,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';
import { LARGEST_BATCH } from '../seats/batch/items.ts';
import { fragmentsOf } from './fragments.ts';
import {
  INTROSPECTION_LIMITS,
  OPERATION_LIMITS,
  requireWithin,
  type Size,
  tooComplex,
} from './limits.ts';
import { LARGEST_PAGE } from './pages.ts';

type Cost = Pick<Size, 'fields' | 'aliases' | 'depth' | 'complexity'>;
type Variables = { readonly [name: string]: unknown };

/** The number of values for which a list counts, unless it is a page. */
const LIST_LENGTH = 10;

/**
 * The number of values for which each list of the introspection counts: the average in this schema. `ofType` must end at
 * some point.
 */
const INTROSPECTED: Readonly<Record<string, number>> = {
  types: 130,
  directives: 6,
  fields: 3,
  args: 1,
  inputFields: 1,
  enumValues: 1,
  interfaces: 1,
  possibleTypes: 5,
  locations: 4,
  ofType: 0.5,
};

// The introspection complexity of operations that are within the limits for any variables.
const cheap = new WeakMap<OperationDefinitionNode, number>();

/**
 * Throws QUERY_TOO_COMPLEX if an operation of a valid document requests too much data or too much of the schema with these
 * variables. The variables matter only if pages of the largest size would be too much. Returns the complexity of its
 * introspection.
 */
export function requireWithinLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const known = cheap.get(operation);
  if (known !== undefined) return known;
  try {
    const introspection = requireCost(schema, document, operation, () => LARGEST_PAGE);
    cheap.set(operation, introspection);
    return introspection;
  } catch {
    const definitions = operation.variableDefinitions ?? [];
    const { coerced } = getVariableValues(schema, definitions, variables);
    // With invalid variables, nothing is executed.
    return coerced ? requireCost(schema, document, operation, name => coerced[name]) : 0;
  }
}

function requireCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variable: VariableOf,
): number {
  const fragments = fragmentsOf(document);
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) return 0;
  const items = batchItemsOf(schema, fragments, operation, rootType, variable);
  if (items > LARGEST_BATCH) throw tooComplex(items, 'items of batches', LARGEST_BATCH);
  const sizeOf = (part: 'data' | 'introspection') =>
    createMeter(schema, fragments, { variable, items }, part)(operation.selectionSet, rootType);
  requireWithin(sizeOf('data'), OPERATION_LIMITS);
  const introspection = sizeOf('introspection');
  requireWithin(introspection, INTROSPECTION_LIMITS);
  return introspection.complexity;
}

type VariableOf = (name: string) => unknown;

/** What the cost of an operation depends on besides its selection. */
interface Asked {
  variable: VariableOf;
  /** The total number of items in its batches. */
  items: number;
}

/** Marks a list that has a value for each item of a batch. */
export const PER_ITEM = { isPerItem: true } as const;
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Returns a meter that measures selections, each once, for what they request of the data or of the schema. */
function createMeter(
  schema: GraphQLSchema,
  fragments: Fragments,
  asked: Asked,
  part: 'data' | 'introspection',
) {
  const sizes = new Map<SelectionSetNode, Map<GraphQLNamedType, Cost>>();

  function sizeOf(selectionSet: SelectionSetNode, type: GraphQLNamedType): Cost {
    const byType = sizes.get(selectionSet) ?? new Map<GraphQLNamedType, Cost>();
    sizes.set(selectionSet, byType);
    const known = byType.get(type);
    if (known) return known;
    const size: Cost = { fields: 0, aliases: 0, depth: 0, complexity: 0 };
    for (const selection of selectionSet.selections) {
      const selected =
        selection.kind === Kind.FIELD ? ofField(selection, type) : ofFragment(selection, type);
      size.fields += selected.fields;
      size.aliases += selected.aliases;
      size.depth = Math.max(size.depth, selected.depth);
      size.complexity += selected.complexity;
    }
    byType.set(type, size);
    return size;
  }

  function ofFragment(node: FragmentSpreadNode | InlineFragmentNode, type: GraphQLNamedType): Cost {
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
    if (!fragment) return NOTHING;
    const named = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
    return sizeOf(fragment.selectionSet, named ?? type);
  }

  function ofField(node: FieldNode, type: GraphQLNamedType): Cost {
    const field = fieldOf(schema, type, node.name.value);
    const isIntrospection = field === SchemaMetaFieldDef || field === TypeMetaFieldDef;
    if (isIntrospection && part === 'data') return NOTHING;
    if (!isIntrospection && part === 'introspection' && !type.name.startsWith('__')) return NOTHING;
    const below =
      field && node.selectionSet ? sizeOf(node.selectionSet, getNamedType(field.type)) : NOTHING;
    return {
      fields: 1 + below.fields,
      aliases: (node.alias ? 1 : 0) + below.aliases,
      depth: 1 + below.depth,
      complexity: 1 + below.complexity * (field ? lengthOf(field, type, node, asked) : 1),
    };
  }

  return sizeOf;
}

const NOTHING: Readonly<Cost> = { fields: 0, aliases: 0, depth: 0, complexity: 0 };

type Field = GraphQLField<unknown, unknown>;

function fieldOf(schema: GraphQLSchema, type: GraphQLNamedType, name: string): Field | undefined {
  if (type === schema.getQueryType()) {
    const meta = [SchemaMetaFieldDef, TypeMetaFieldDef].find(field => field.name === name);
    if (meta) return meta;
  }
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

/** Returns the most values that a field has; for a field of the introspection, the average. */
function lengthOf(
  field: Field,
  type: GraphQLNamedType,
  node: FieldNode,
  { variable, items }: Asked,
): number {
  if (isIntrospectionType(type)) return INTROSPECTED[field.name] ?? 1;
  const { complexity, isPerItem } = field.extensions;
  if (isPerItem === true) return items;
  const cost: unknown =
    typeof complexity === 'function'
      ? complexity({
          first: sizeGiven(node, 'first', variable),
          last: sizeGiven(node, 'last', variable),
        })
      : complexity;
  if (typeof cost === 'object' && cost !== null && 'multiplier' in cost)
    return Number(cost.multiplier);
  return isListType(getNullableType(field.type)) ? LIST_LENGTH : 1;
}

/** Returns the page size that an argument requests; undefined if it is omitted. */
function sizeGiven(node: FieldNode, name: string, variable: VariableOf): number | undefined {
  const value = node.arguments?.find(argument => argument.name.value === name)?.value;
  const given =
    value?.kind === Kind.VARIABLE
      ? variable(value.name.value)
      : value?.kind === Kind.INT
        ? Number(value.value)
        : undefined;
  return typeof given === 'number' ? given : undefined;
}

/**
 * Returns the number of items in an operation's batches. Each field's input counts up to 1,000, beyond which its verb
 * refuses it.
 */
function batchItemsOf(
  schema: GraphQLSchema,
  fragments: Fragments,
  { selectionSet }: { selectionSet: SelectionSetNode },
  type: GraphQLNamedType,
  variable: VariableOf,
): number {
  const counts = selectionSet.selections.map(node => {
    if (node.kind === Kind.FIELD) {
      const field = fieldOf(schema, type, node.name.value);
      return field ? Math.min(itemsOf(field, node, variable), LARGEST_BATCH) : 0;
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
    return fragment ? batchItemsOf(schema, fragments, fragment, type, variable) : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Returns the total length of the lists in a field's input. */
function itemsOf(field: Field, node: FieldNode, variable: VariableOf): number {
  const input = field.args.find(({ name }) => name === 'input');
  const inputType = input && getNamedType(input.type);
  const value = node.arguments?.find(({ name }) => name.value === 'input')?.value;
  if (!isInputObjectType(inputType) || value === undefined) return 0;
  const lists = Object.values(inputType.getFields()).filter(({ type }) =>
    isListType(getNullableType(type)),
  );
  const lengths = lists.map(({ name }) => lengthIn(value, name, variable));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** Returns the length of a list in an input. A value that is not known yet counts as a whole batch. */
function lengthIn(input: ValueNode, name: string, variable: VariableOf): number {
  if (input.kind === Kind.VARIABLE) return lengthOfValue(variable(input.name.value), name);
  if (input.kind !== Kind.OBJECT) return 0;
  const list = input.fields.find(field => field.name.value === name)?.value;
  if (list?.kind === Kind.LIST) return list.values.length;
  if (list?.kind !== Kind.VARIABLE) return list === undefined ? 0 : 1;
  return lengthOfValue({ [name]: variable(list.name.value) }, name);
}

function lengthOfValue(input: unknown, name: string): number {
  // An input is an object, so a number stands for an input that is not known yet.
  if (typeof input === 'number') return LARGEST_BATCH;
  const list = (input as Record<string, unknown> | null | undefined)?.[name];
  if (typeof list === 'number') return LARGEST_BATCH;
  return Array.isArray(list) ? list.length : 0;
}
