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
  /** Adds the error that made this position null; undefined means the whole response. */
  add(error: GraphQLError, position: Path | undefined): void;
}

/** An operation, with everything that its executions share. */
export interface Plan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly coerceVariables: CoerceVariables;
  /** What the operation selects of the root type. */
  readonly root: Selection;
  /** Returns what is selected below a field whose value is an object of this type. */
  selectionOf(field: Field, type: GraphQLObjectType): Selection;
}

/** What a part of an operation selects of one object type. */
export interface Selection {
  readonly fields: readonly PlannedField[];
  /** Executes the fields concurrently. */
  readonly execute: ExecuteSelection;
}

/** Throws or rejects if a non-nullable field fails. */
export type ExecuteSelection = (
  run: Run,
  source: unknown,
  path: Path | undefined,
) => MaybePromise<Results>;

/** The values of a selection in the response, by response name. */
export type Results = Record<string, unknown>;

/** One field of a selection, merged from all its nodes. */
export interface Field {
  /** Its alias, or else its name. */
  readonly responseName: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
}

/** A field that is ready to execute. */
export interface PlannedField extends Field {
  /** Returns the field's value in the response, or a promise of it. Throws or rejects if a non-nullable field fails. */
  readonly execute: (run: Run, source: unknown, parentPath: Path | undefined) => unknown;
  /** The same for a field that shows a property of its parent, after that property was read. */
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
