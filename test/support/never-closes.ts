import { runUntilStopped } from '../../src/program.ts';

// A program that never finishes closing after it is told to stop.
const alive = setInterval(() => undefined, 1_000);
await runUntilStopped({ env: {}, argv: [], usage: '', closeMs: 200 }, async () => ({
  details: { alive: alive.hasRef() },
  close: () => new Promise(() => undefined),
}));
