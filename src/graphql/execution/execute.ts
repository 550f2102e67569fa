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

/** At which execution of an operation it is planned: what is asked once is not worth it. */
const WORTHWHILE = 2;

interface Operation {
  executions: number;
  /** Null for what is left to graphql-js. */
  plan: Plan | null | undefined;
}

/** Executes operations on one schema. */
export type Execute = (args: ExecutionArgs) => MaybePromise<ExecutionResult>;

/**
 * Executes operations that come again with a plan, which holds what depends on the document alone: which fields are
 * selected, and how their values are completed. Variables and arguments are coerced by graphql-js each time. Whatever is
 * not planned is executed by graphql-js, and the answers are the same.
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
    // It was located where it arose.
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

/** Executes the root fields one after the other, from one of them on. */
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
