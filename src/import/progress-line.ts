/** Shows progress on a stream. */
export interface ProgressLine {
  show(done: number, total: number): void;
  /** Clears the line of the terminal. */
  clear(): void;
}

const MILLISECONDS_BETWEEN_LINES = 5_000;
const CLEAR_LINE = '\r\u001B[K';

/** Returns a progress line: on a terminal, it rewrites one line; otherwise, it writes a line every few seconds. */
export function openProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let lastLine = Date.now();
  const text = (done: number, total: number) =>
    `Importing ${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows`;
  if (stream.isTTY) {
    return {
      show: (done, total) => void stream.write(CLEAR_LINE + text(done, total)),
      clear: () => void stream.write(CLEAR_LINE),
    };
  }
  return {
    show(done, total) {
      if (Date.now() - lastLine < MILLISECONDS_BETWEEN_LINES) return;
      lastLine = Date.now();
      stream.write(`${text(done, total)}\n`);
    },
    clear: () => undefined,
  };
}
