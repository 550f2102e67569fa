import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  execute as graphqlExecute,
  locatedError,
} from 'graphql';
import { createOperationMemo } from '../operation-memo.ts';
import { createFieldErrors } from './field-errors.ts';
import { planOperation } from './plan.ts';
import { isPromise, type MaybePromise } from './promises.ts';
import type { Plan, Results, Run } from './types.ts';

/** The execution at which an operation gets a plan. Planning does not pay for an operation that runs only once. */
const WORTHWHILE = 2;

interface Operation {
  executions: number;
  /** Null for an operation that graphql-js executes. */
  plan: Plan | null | undefined;
}

/** Executes operations on one schema. */
export type Execute = (args: ExecutionArgs) => MaybePromise<ExecutionResult>;

/**
 * Executes repeated operations with a plan. The plan holds what depends only on the document: which fields are selected, and
 * how their values are completed. Variables and arguments are coerced each time. Operations without a plan run in
 * graphql-js, with the same answers.
 */
export function createExecute(schema: GraphQLSchema): Execute {
  const operationOf = createOperationMemo((): Operation => ({ executions: 0, plan: undefined }));

  function planOf({ document, operationName }: ExecutionArgs): Plan | null | undefined {
    const name = operationName ?? undefined;
    const operation = operationOf(document, name);
    operation.executions += 1;
    if (operation.executions >= WORTHWHILE && operation.plan === undefined) {
      operation.plan = planOperation(schema, document, name) ?? null;
    }
    return operation.plan;
  }

  return args => {
    const plan = planOf(args);
    if (!plan) return graphqlExecute(args);
    const variables = plan.coerceVariables(args.variableValues ?? {});
    if (variables.errors) return { errors: variables.errors };
    const { rootValue, contextValue } = args;
    return run({
      plan,
      rootValue,
      contextValue,
      variables: variables.coerced,
      errors: createFieldErrors(),
    });
  };
}

function run(execution: Run): MaybePromise<ExecutionResult> {
  const { plan, rootValue, errors } = execution;
  const answer = (data: Results | null): ExecutionResult =>
    errors.list.length === 0 ? { data } : { errors: errors.list, data };
  const fail = (error: unknown) => {
    // The error was located where it was thrown.
    errors.add(locatedError(error, undefined), undefined);
    return answer(null);
  };
  try {
    const data =
      plan.operation.operation === 'mutation'
        ? executeSerially(execution, 0, {})
        : plan.root.execute(execution, rootValue, undefined);
    return isPromise(data) ? data.then(answer, fail) : answer(data);
  } catch (error) {
    return fail(error);
  }
}

/** Executes the root fields one after the other, starting at index `from`. */
function executeSerially(execution: Run, from: number, results: Results): MaybePromise<Results> {
  for (const [index, field] of execution.plan.root.fields.entries()) {
    if (index < from) continue;
    const value = field.execute(execution, execution.rootValue, undefined);
    if (isPromise(value)) {
      return value.then(settled => {
        results[field.responseName] = settled;
        return executeSerially(execution, index + 1, results);
      });
    }
    results[field.responseName] = value;
  }
  return results;
}
