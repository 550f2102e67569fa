/** Looks one thing up, together with what others look up at the same time. */
export type BatchLoad<Key, Value> = (keys: readonly Key[]) => Promise<readonly Value[]>;

interface Waiting<Key, Value> {
  key: Key;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
}

// One at the database, one on its way there: more would only make the batches smaller.
const IN_FLIGHT = 2;
const LARGEST_BATCH = 1000;

/**
 * Joins lookups, of whichever requests, that are asked for in the same turn of the event loop or while earlier ones are
 * under way. `load` gets at most 1,000 keys, as often as they were asked for, and returns the value of each in their order.
 * Nothing is kept: every lookup is of the database as it is after it was asked for.
 */
export function createBatch<Key, Value>(load: BatchLoad<Key, Value>): (key: Key) => Promise<Value> {
  let gathered: Waiting<Key, Value>[] = [];
  let inFlight = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || inFlight >= IN_FLIGHT || gathered.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    const batch = gathered.slice(0, LARGEST_BATCH);
    gathered = gathered.slice(LARGEST_BATCH);
    inFlight += 1;
    try {
      const values = await load(batch.map(({ key }) => key));
      if (values.length !== batch.length) throw new Error('A batch lost some of its values.');
      // The lengths are the same.
      for (const [i, { resolve }] of batch.entries()) resolve(values[i] as Value);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      inFlight -= 1;
      schedule();
    }
  }

  return key =>
    new Promise((resolve, reject) => {
      gathered.push({ key, resolve, reject });
      schedule();
    });
}
