export type MaybePromise<Value> = Value | Promise<Value>;

/** Whether a value is a promise. An object whose property `then` is not a function is a value. */
export function isPromise<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
