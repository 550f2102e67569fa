import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much the heap may grow before its garbage is collected, in bytes. */
const MOST_GARBAGE = 33_554_432;

/**
 * Returns a function to call between the chunks of a long file. It collects garbage once the heap has grown by 32 MiB. By
 * itself, V8 lets the heap of a process that allocates steadily grow by 200 MB or more first.
 */
export function limitHeap(): () => void {
  let alive = getHeapStatistics().used_heap_size;
  return () => {
    const used = getHeapStatistics().used_heap_size;
    if (used < alive) alive = used;
    if (used - alive < MOST_GARBAGE) return;
    collect ??= exposeGc();
    collect();
    alive = getHeapStatistics().used_heap_size;
  };
}

let collect: (() => void) | undefined;

/** Returns V8's garbage collector. Without a command-line flag, this is the only way to get it. */
function exposeGc(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
