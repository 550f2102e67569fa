/** Processes a batch of inputs of one group. Returns one result per input, in the same order. */
export type RunBatch<Input, Result> = (
  inputs: readonly Input[],
  group: string,
) => Promise<readonly Result[]>;

export interface BatchOptions<Input> {
  /** Returns the group of an input; a batch contains one group only. By default, all inputs are in one group. */
  groupOf?: (input: Input) => string;
  /** The largest number of concurrent batches of one group. */
  inFlight: number;
  /** The largest number of concurrent batches of all groups, which take turns. A slow batch does not count. */
  inFlightOfAll?: number;
  /** The largest number of inputs in a batch. */
  most: number;
}

interface Waiting<Input, Result> {
  input: Input;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

interface Group<Input, Result> {
  name: string;
  waiting: Waiting<Input, Result>[];
  inFlight: number;
  /** Whether the group is in the queue. */
  isQueued: boolean;
}

/** After this time, a batch is slow and releases its slot. */
const SLOW_BATCH_MS = 100;

/**
 * Returns a function that batches its calls. A batch contains the calls of one turn of the event loop, or those that
 * arrive while earlier batches run. Caches nothing: every result is read after its call. If a batch fails, all its calls
 * fail.
 */
export function createBatch<Input, Result>(
  runBatch: RunBatch<Input, Result>,
  { groupOf = () => '', inFlight, inFlightOfAll = inFlight, most }: BatchOptions<Input>,
): (input: Input) => Promise<Result> {
  const groups = new Map<string, Group<Input, Result>>();
  const queue: Group<Input, Result>[] = [];
  let inFlightNow = 0;
  let isScheduled = false;

  function enqueue(group: Group<Input, Result>): void {
    if (group.waiting.length === 0) {
      if (group.inFlight === 0) groups.delete(group.name);
    } else if (!group.isQueued && group.inFlight < inFlight) {
      group.isQueued = true;
      queue.push(group);
    }
  }

  function schedule(): void {
    if (isScheduled || queue.length === 0 || inFlightNow >= inFlightOfAll) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      while (inFlightNow < inFlightOfAll) {
        const group = queue.shift();
        if (group === undefined) return;
        group.isQueued = false;
        void run(group);
        enqueue(group);
      }
    });
  }

  async function run(group: Group<Input, Result>): Promise<void> {
    const batch = group.waiting.splice(0, most);
    group.inFlight += 1;
    inFlightNow += 1;
    let isReleased = false;
    const releaseSlot = () => {
      isReleased = true;
      inFlightNow -= 1;
      schedule();
    };
    const timer = setTimeout(releaseSlot, SLOW_BATCH_MS);
    try {
      const inputs = batch.map(({ input }) => input);
      const results = await runBatch(inputs, group.name);
      if (results.length !== batch.length)
        throw new Error('A batch returned the wrong number of results.');
      // Both arrays have the same length.
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      clearTimeout(timer);
      group.inFlight -= 1;
      enqueue(group);
      if (isReleased) schedule();
      else releaseSlot();
    }
  }

  return input =>
    new Promise((resolve, reject) => {
      const name = groupOf(input);
      const group = groups.get(name) ?? { name, waiting: [], inFlight: 0, isQueued: false };
      groups.set(name, group);
      group.waiting.push({ input, resolve, reject });
      enqueue(group);
      schedule();
    });
}
