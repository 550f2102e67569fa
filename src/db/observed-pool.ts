import type pg from 'pg';

/** Observes the statements of a pool. */
export interface StatementObserver {
  /**
   * Called before a statement is sent. Returns the function to call when the statement ends, with its error if it failed.
   */
  begin(text: string): (error?: unknown) => void;
  /** Binds a callback to the caller's context. The driver would call it in the context of the connection's first user. */
  bind?:
    | (<Arguments extends unknown[]>(
        callback: (...args: Arguments) => void,
      ) => (...args: Arguments) => void)
    | undefined;
}

type Callback = (...args: unknown[]) => void;
type AnyFunction = (...args: unknown[]) => unknown;

/** Reports each statement of the pool to the observer, whether from Prisma or hand-written. */
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

/** Returns the text of a statement; undefined for an object that submits itself, such as a cursor. */
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || 'submit' in query) return undefined;
  return 'text' in query && typeof query.text === 'string' ? query.text : undefined;
}
