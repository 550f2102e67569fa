/** The maximum number of UTF-8 bytes per UTF-16 code unit. */
const MOST_BYTES = 3;

export interface GatheredLines {
  write(line: string): void;
  /** Passes on the lines gathered so far. */
  flush(): void;
}

/**
 * Gathers lines and passes them on together, in pieces of at most `size` bytes. Passes on a longer line alone.
 *
 * Encodes each line immediately. Separate strings or buffers would survive a garbage collection, which costs a small request
 * more than all other logging work.
 */
export function gatherLines(handOn: (piece: Buffer) => void, size: number): GatheredLines {
  let memory = Buffer.allocUnsafeSlow(size);
  let start = 0;
  let end = 0;

  function flush(): void {
    if (end === start) return;
    handOn(memory.subarray(start, end));
    start = end;
  }

  return {
    flush,
    write(line) {
      const most = line.length * MOST_BYTES;
      if (end + most > size) {
        flush();
        memory = Buffer.allocUnsafeSlow(Math.max(size, most));
        start = 0;
        end = 0;
      }
      end += memory.write(line, end);
    },
  };
}
