/** The most bytes that UTF-8 needs for a unit of a string. */
const MOST_BYTES = 3;

export interface GatheredLines {
  write(line: string): void;
  /** Hands on what is gathered. */
  flush(): void;
}

/**
 * Gathers lines, and hands them on together, in pieces of at most `size` bytes. A longer line is handed on alone.
 *
 * Lines become bytes as they come. As strings or buffers of their own they would outlive a garbage collection, which costs a
 * small request more than all else that is done for the log.
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
