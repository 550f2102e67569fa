import type pg from 'pg';

/** Is told of the statements of a pool. */
export interface StatementObserver {
  /** Is called before a statement is sent. Returns the function to call when it ended, with its error if it failed. */
  begin(text: string): (error?: unknown) => void;
  /** Returns a callback that runs in the caller's context. The driver calls it in that of the connection's first user. */
  bind?:
    | (<Arguments extends unknown[]>(
        callback: (...args: Arguments) => void,
      ) => (...args: Arguments) => void)
    | undefined;
}

type Callback = (...args: unknown[]) => void;
type AnyFunction = (...args: unknown[]) => unknown;

/** Tells the observer of each statement of the pool: of Prisma's and of hand-written SQL. */
export function observePool(pool: pg.Pool, observer: StatementObserver): void {
  pool.on('connect', client => observeClient(client, observer));
  const { bind } = observer;
  if (bind === undefined) return;
  const connect = pool.connect.bind(pool) as AnyFunction;
  const bound = (callback?: Callback) =>
    callback === undefined ? connect() : connect(bind(callback));
  // An overloaded method.
  pool.connect = bound as typeof pool.connect;
}

function observeClient(client: pg.PoolClient, observer: StatementObserver): void {
  const { query } = client as unknown as { query: AnyFunction };
  const observed = (...args: unknown[]) => {
    const text = textOf(args[0]);
    if (text === undefined) return query.apply(client, args);
    const end = observer.begin(text);
    const last = args.at(-1);
    if (typeof last === 'function') {
      const done = (error: unknown, ...results: unknown[]) => {
        end(error ?? undefined);
        (last as Callback)(error, ...results);
      };
      args[args.length - 1] = observer.bind?.(done) ?? done;
      return query.apply(client, args);
    }
    const result = query.apply(client, args);
    // Only a promise tells when the statement ended.
    if (result instanceof Promise) result.then(() => end(), end);
    else end();
    return result;
  };
  (client as unknown as { query: AnyFunction }).query = observed;
}

/** Returns the text of a statement; undefined for what sends itself, such as a cursor. */
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || 'submit' in query) return undefined;
  return 'text' in query && typeof query.text === 'string' ? query.text : undefined;
}
