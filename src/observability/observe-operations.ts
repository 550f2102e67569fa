import type { ExecutionResult, GraphQLError, OperationDefinitionNode } from 'graphql';
import type { Ctx } from '../context.ts';
import type { Metrics } from './metrics.ts';
import { noteError, type RequestRecord } from './request-record.ts';
import type { Tracing } from './tracing.ts';

type MaybePromise<Value> = Value | Promise<Value>;

/** Executes a GraphQL operation and observes it. */
export type OperationObserver = (
  ctx: Ctx,
  operation: OperationDefinitionNode | undefined,
  execute: () => MaybePromise<ExecutionResult>,
) => MaybePromise<ExecutionResult>;

/** Adds the operation and its errors to the record of its request, counts it, and traces it. */
export function createOperationObserver({
  metrics,
  tracing,
}: {
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
} = {}): OperationObserver {
  return (ctx, definition, execute) => {
    const type = definition?.operation ?? 'query';
    const name = definition?.name?.value;
    if (ctx.record !== undefined) ctx.record.operation = { type, name };
    const started = performance.now();
    const finish = (result: ExecutionResult) => {
      metrics?.countOperation(ctx.actor, { type, name, ms: performance.now() - started });
      noteErrors(ctx.record, result.errors);
      return result;
    };
    const run = () => {
      const result = execute();
      return result instanceof Promise ? result.then(finish) : finish(result);
    };
    if (tracing === undefined) return run();
    return tracing.span(
      `graphql.${type}`,
      {
        'graphql.operation.type': type,
        ...(name !== undefined && { 'graphql.operation.name': name }),
      },
      run,
    );
  };
}

/** Records the error codes of a GraphQL response. */
export function noteErrors(
  record: RequestRecord | undefined,
  errors: readonly GraphQLError[] | undefined,
): void {
  for (const { extensions } of errors ?? []) {
    noteError(record, String(extensions.code ?? 'INTERNAL_SERVER_ERROR'));
  }
}
