/** Does what was asked for at the same time together: a result for each input, in their order. */
export type DoTogether<Input, Result> = (
  inputs: readonly Input[],
  group: string,
) => Promise<readonly Result[]>;

export interface BatchOptions<Input> {
  /** What may be done together: inputs with the same group. Left out, all. */
  groupOf?: (input: Input) => string;
  /** How many batches of one group are under way at most. */
  inFlight: number;
  /** How many batches are under way at most, of whichever groups: these take turns. One that takes long does not count. */
  inFlightOfAll?: number;
  /** How many inputs a batch has at most. */
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
  /** Whether it has its place in the queue. */
  isQueued: boolean;
}

/** How long a batch can hold the others up. */
const PATIENCE_MS = 100;

/**
 * Joins what is asked for, by whichever requests, in the same turn of the event loop or while earlier batches are under
 * way. Nothing is kept: whatever a result says is from after it was asked for. A batch that fails fails for all in it.
 */
export function createBatch<Input, Result>(
  doTogether: DoTogether<Input, Result>,
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
    let hasGivenWay = false;
    const giveWay = () => {
      hasGivenWay = true;
      inFlightNow -= 1;
      schedule();
    };
    const patience = setTimeout(giveWay, PATIENCE_MS);
    try {
      const inputs = batch.map(({ input }) => input);
      const results = await doTogether(inputs, group.name);
      if (results.length !== batch.length) throw new Error('A batch lost some of its results.');
      // The lengths are the same.
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      clearTimeout(patience);
      group.inFlight -= 1;
      enqueue(group);
      if (hasGivenWay) schedule();
      else giveWay();
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
