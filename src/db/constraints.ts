import { Prisma } from './client.ts';

/**
 * The name of the unique index, foreign key or CHECK that refused a statement; undefined for any other error.
 * The one reader of the shapes in which Prisma and its adapter wrap a PostgreSQL error.
 */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = adapterCause(error);
  if (cause === undefined) return undefined;
  const { constraint, message } = cause;
  if (constraint?.index !== undefined) return constraint.index;
  // A CHECK violation comes without the constraint's name, but for its message.
  return /violates check constraint "([^"]+)"/.exec(message ?? '')?.[1];
}

interface AdapterCause {
  constraint?: { index?: string };
  message?: string;
}

function adapterCause(error: unknown): AdapterCause | undefined {
  const wrapped =
    error instanceof Prisma.PrismaClientKnownRequestError
      ? error.meta?.driverAdapterError
      : error instanceof Error && error.name === 'DriverAdapterError'
        ? error
        : undefined;
  if (!(wrapped instanceof Error) || typeof wrapped.cause !== 'object') return undefined;
  // The adapter's own error type is exported nowhere; every field read here is optional.
  return (wrapped.cause as AdapterCause | null) ?? undefined;
}
