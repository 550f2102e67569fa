export type MaybePromise<Value> = Value | Promise<Value>;

/** Whether a value is still to come. An object with a property `then` that is no function is a value. */
export function isPromise<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
