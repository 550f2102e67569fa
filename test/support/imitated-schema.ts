import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  printSchema,
} from 'graphql';
import { pathToArray } from 'graphql/jsutils/Path.js';

/** The context of an execution on an imitated schema. */
export interface Imitation {
  /** Determines values, errors and promises. */
  seed: number;
  /** Every call of a resolver, with its arguments. */
  calls: string[];
}

/**
 * Returns a schema with the same types and scalars, whose resolvers use no database: they record their arguments, and return
 * or throw what the path and the seed determine. A third of the fields that could show a property of their parent do so.
 */
export function imitate(schema: GraphQLSchema): GraphQLSchema {
  const imitated = buildSchema(printSchema(schema));
  for (const type of Object.values(imitated.getTypeMap())) {
    const original = schema.getType(type.name);
    if (isScalarType(type) && isScalarType(original)) {
      type.parseValue = original.parseValue;
      type.parseLiteral = original.parseLiteral;
    }
    if (isAbstractType(type)) {
      type.resolveType = ({ imitates, isTypeLater }: Partial<Imitated>) => {
        if (imitates === undefined) throw new Error(`no ${type.name}`);
        return isTypeLater ? Promise.resolve(imitates) : imitates;
      };
    }
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isProperty(type, field.name)) continue;
      field.resolve = (_source, args, { seed, calls }: Imitation, info) => {
        const path = pathToArray(info.path);
        const variables = inspect(info.variableValues, { depth: 9 });
        calls.push(`${path.join('.')} ${inspect(args, { depth: 9 })} ${variables}`);
        return drawValue(imitated, field.type, { seed, path });
      };
    }
  }
  return imitated;
}

/** An object of an imitated schema. */
interface Imitated {
  imitates: string;
  /** Whether its type resolves later, if it is one of several. */
  isTypeLater: boolean;
}

interface Place {
  seed: number;
  path: readonly (string | number)[];
}

function isProperty(type: GraphQLObjectType, name: string): boolean {
  return type.getFields()[name]?.args.length === 0 && number([type.name, name], 3) === 0;
}

/** Returns a number below `choices` that the key determines. */
function number(key: readonly (string | number)[], choices: number): number {
  return createHash('sha256').update(JSON.stringify(key)).digest().readUInt32LE(0) % choices;
}

const isInList = ({ path }: Place) => path.some(key => typeof key === 'number');

/** Whether a place may have promises. A list has either no promises or no failures. */
const mayComeLater = (place: Place) => !isInList(place) || place.seed % 2 === 0;

/** Whether the values or the types of a field come later. All items of a list agree on each field. */
function areLater(what: 'value' | 'type', { seed, path }: Place): boolean {
  const fields = path.filter(key => typeof key === 'string');
  return number([what, 'later', seed, ...fields], 2) === 0;
}

/**
 * Draws what a resolver returns: mostly a value, now or later; sometimes null, an error, or a value that the type rejects.
 * The items of a list come all now or all later, and do not fail if later: graphql-js would leave some rejections unhandled.
 */
function drawValue(schema: GraphQLSchema, type: GraphQLOutputType, place: Place): unknown {
  const { seed, path } = place;
  const kind = number(['kind', seed, ...path], 40);
  const name = path.join('.');
  const isItem = isInList(place);
  const isLater = isItem ? mayComeLater(place) : kind < 16;
  const mayFail = !isItem || !isLater;
  if (mayFail && kind === 0) return null;
  if (mayFail && kind === 1) throw new Error(`thrown at ${name}`);
  if (mayFail && kind === 2) return new Error(`returned at ${name}`);
  if (!isItem && kind === 3) return Promise.reject(new Error(`rejected at ${name}`));
  if (mayFail && kind === 4) return 'not what it should be';
  const value = goodValue(schema, type, place);
  return isLater && areLater('value', place) ? Promise.resolve(value) : value;
}

function goodValue(schema: GraphQLSchema, type: GraphQLOutputType, place: Place): unknown {
  const { seed, path } = place;
  if (isNonNullType(type)) return goodValue(schema, type.ofType, place);
  if (isListType(type)) {
    const length = number(['length', seed, ...path], 4);
    const items = Array.from({ length }, (_, index) =>
      drawProperty(schema, type.ofType, { seed, path: [...path, index] }),
    );
    return number(['set', seed, ...path], 5) === 0 ? new Set(items) : items;
  }
  if (isEnumType(type)) {
    return type.getValues()[number(['enum', seed, ...path], type.getValues().length)]?.value;
  }
  if (isLeafType(type)) return scalarOf(type.name, place);
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const objectType = types[number(['type', seed, ...path], types.length)];
  return objectType && objectOf(schema, objectType, place);
}

function scalarOf(name: string, { seed, path }: Place): unknown {
  if (name === 'Int') return number(['int', seed, ...path], 100);
  if (name === 'Boolean') return number(['boolean', seed, ...path], 2) === 0;
  return `${name} at ${path.join('.')}`;
}

function objectOf(schema: GraphQLSchema, type: GraphQLObjectType, place: Place): Imitated {
  const { seed, path } = place;
  const isTypeLater = mayComeLater(place) && areLater('type', place);
  const object: Imitated = { imitates: type.name, isTypeLater };
  for (const field of Object.values(type.getFields())) {
    if (!isProperty(type, field.name)) continue;
    const place = { seed, path: [...path, field.name] };
    Object.defineProperty(object, field.name, {
      get: () => {
        const isFunction = number(['function', seed, ...place.path], 8) === 0;
        const property = () => drawProperty(schema, field.type, place);
        return isFunction ? property : property();
      },
    });
  }
  return object;
}

/** The same for a property, which cannot throw. */
function drawProperty(schema: GraphQLSchema, type: GraphQLOutputType, place: Place): unknown {
  try {
    return drawValue(schema, type, place);
  } catch (error) {
    return error;
  }
}
