/** Shows how many seats are written. */
export interface Progress {
  add(seats: number): void;
  /** Writes the final number. */
  end(): void;
  /** Clears the line of the terminal. */
  clear(): void;
}

const MILLISECONDS_BETWEEN_LINES = 5_000;
const CLEAR_LINE = '\r\u001B[K';

/** Returns a progress line: on a terminal, it rewrites one line; otherwise, it writes a line every few seconds. */
export function openProgress(stream: NodeJS.WriteStream): Progress {
  let lastLine = Date.now();
  let written = 0;
  const text = () => `Exported ${written.toLocaleString('en')} ${written === 1 ? 'seat' : 'seats'}`;
  const clear = () => {
    if (stream.isTTY) stream.write(CLEAR_LINE);
  };
  return {
    add(seats) {
      written += seats;
      if (stream.isTTY) stream.write(CLEAR_LINE + text());
      else if (Date.now() - lastLine >= MILLISECONDS_BETWEEN_LINES) {
        lastLine = Date.now();
        stream.write(`${text()}\n`);
      }
    },
    end() {
      clear();
      stream.write(`${text()}\n`);
    },
    clear,
  };
}
