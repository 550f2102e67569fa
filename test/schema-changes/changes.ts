import { CriticalityLevel, DiffRule, diff } from '@graphql-inspector/core';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** How a deprecation ends: with the day after which what is deprecated may go. */
export const REMOVAL = /Removed after (\d{4}-\d{2}-\d{2})\.$/;

/** A difference between two schemas. */
export interface SchemaChange {
  message: string;
  /** Whether it fails operations that were valid, so that it needs a deprecation first. */
  isBreaking: boolean;
}

/**
 * Compares a schema with the released one. Descriptions do not count. The removal of a field, an argument or a value is not
 * breaking after the day that its deprecation named, which has to be in the released schema.
 */
export async function changesSince(
  released: GraphQLSchema,
  current: GraphQLSchema,
  today: string,
): Promise<SchemaChange[]> {
  const changes = await diff(released, current, [DiffRule.ignoreDescriptionChanges]);
  return changes.map(({ message, criticality, path }) => ({
    message,
    isBreaking:
      criticality.level === CriticalityLevel.Breaking && !mayBeRemoved(released, path ?? '', today),
  }));
}

/** Returns whether what a path names is deprecated, and its day is past. */
function mayBeRemoved(released: GraphQLSchema, path: string, today: string): boolean {
  const day = REMOVAL.exec(deprecationOf(released, path.split('.')) ?? '')?.[1];
  return day !== undefined && day < today;
}

function deprecationOf(
  schema: GraphQLSchema,
  [typeName = '', memberName = '', argumentName]: readonly string[],
): string | null | undefined {
  const type = schema.getType(typeName);
  if (isEnumType(type)) return type.getValue(memberName)?.deprecationReason;
  if (isInputObjectType(type)) return type.getFields()[memberName]?.deprecationReason;
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const field = type.getFields()[memberName];
  const argument = field?.args.find(({ name }) => name === argumentName);
  return (argumentName === undefined ? field : argument)?.deprecationReason;
}
