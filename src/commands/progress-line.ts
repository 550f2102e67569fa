/** Shows progress on a stream. */
export interface ProgressLine {
  show(text: string): void;
  /** Clears the line of the terminal. */
  clear(): void;
}

const MILLISECONDS_BETWEEN_LINES = 5_000;
const CLEAR_LINE = '\r\u001B[K';

/** Returns a progress line: on a terminal, it rewrites one line; otherwise, it writes a line every few seconds. */
export function openProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let lastLine = Date.now();
  if (stream.isTTY) {
    return {
      show: text => void stream.write(CLEAR_LINE + text),
      clear: () => void stream.write(CLEAR_LINE),
    };
  }
  return {
    show(text) {
      if (Date.now() - lastLine < MILLISECONDS_BETWEEN_LINES) return;
      lastLine = Date.now();
      stream.write(`${text}\n`);
    },
    clear: () => undefined,
  };
}
