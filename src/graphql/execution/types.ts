import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { Path } from 'graphql/jsutils/Path.js';
import type { MaybePromise } from './promises.ts';
import type { CoerceVariables } from './variables.ts';

/** The errors of one execution. */
export interface FieldErrors {
  readonly list: readonly GraphQLError[];
  /** Adds the error that made this position null; undefined is the whole response. */
  add(error: GraphQLError, position: Path | undefined): void;
}

/** An operation, with what its executions have in common. */
export interface Plan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly coerceVariables: CoerceVariables;
  /** What it selects of the root type. */
  readonly root: Selection;
  /** What is selected below a field where its value is an object of this type. */
  selectionOf(field: Field, type: GraphQLObjectType): Selection;
}

/** What a part of an operation selects of one object type. */
export interface Selection {
  readonly fields: readonly PlannedField[];
  /** Executes the fields without waiting for one another. */
  readonly execute: ExecuteSelection;
}

/** Throws, or rejects, where a field that may not be null fails. */
export type ExecuteSelection = (
  run: Run,
  source: unknown,
  path: Path | undefined,
) => MaybePromise<Results>;

/** What a selection becomes, by response names. */
export type Results = Record<string, unknown>;

/** One field of a selection, merged from all its nodes. */
export interface Field {
  /** Its alias, or else its name. */
  readonly responseName: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
}

/** A field that is ready to be executed. */
export interface PlannedField extends Field {
  /** Its value in the response, or a promise of it. Throws, or rejects, where it fails and may not be null. */
  readonly execute: (run: Run, source: unknown, parentPath: Path | undefined) => unknown;
  /** The same for a field that shows a property of the parent, once that was read. */
  readonly show?: (
    run: Run,
    source: unknown,
    parentPath: Path | undefined,
    property: unknown,
  ) => unknown;
}

/** One execution of an operation. */
export interface Run {
  readonly plan: Plan;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  /** Coerced to their types. */
  readonly variables: { [name: string]: unknown };
  readonly errors: FieldErrors;
}
