import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { UserError } from '../domain/errors.ts';
import { noteError, type RequestRecord } from '../observability/request-record.ts';

type ErrorType = abstract new (...args: never[]) => Error;

/** Notes the errors that mutations return as members of their unions. It comes after the plugin that catches them. */
class UserErrorsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind, pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    // All other errors are errors of the response, where they are noted.
    const members = (pothosOptions as { errors?: { types?: ErrorType[] } }).errors?.types;
    if (kind !== 'Mutation' || members === undefined) return resolver;
    return async (parent, args, ctx: { record?: RequestRecord }, info) => {
      try {
        return await resolver(parent, args, ctx, info);
      } catch (error) {
        const isMember = members.some(type => error instanceof type);
        if (isMember && error instanceof UserError) noteError(ctx.record, error.code);
        throw error;
      }
    };
  }
}

export const USER_ERRORS_PLUGIN = 'userErrors';

SchemaBuilder.registerPlugin(USER_ERRORS_PLUGIN, UserErrorsPlugin);

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      userErrors: UserErrorsPlugin<Types>;
    }
  }
}
