/** Tells on a stream how far something is. */
export interface ProgressLine {
  show(done: number, total: number): void;
  /** Leaves the terminal's line free for others. */
  clear(): void;
}

const MILLISECONDS_BETWEEN_LINES = 5_000;
const CLEAR_LINE = '\r\u001B[K';

/** One line that is rewritten on a terminal; elsewhere, such as in a log, a line every few seconds. */
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
