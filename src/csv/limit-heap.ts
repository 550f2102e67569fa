import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much the heap may grow before its garbage is collected, in bytes. */
const MOST_GARBAGE = 33_554_432;

/**
 * Returns a function to call between two chunks of a long file. It collects garbage once the heap has grown by 32 MiB. Left
 * alone, V8 lets the heap of a process that allocates steadily grow by 200 MB or more before it does so.
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

/** Returns V8's collector, which is there without a command-line flag only so. */
function exposeGc(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
