import { runUntilStopped } from '../../src/program.ts';

// A program that never finishes starting.
const alive = setInterval(() => undefined, 1_000);
await runUntilStopped({ env: {}, argv: [], usage: '', closeMs: 200 }, async (_config, logger) => {
  logger.info({ alive: alive.hasRef() }, 'running');
  return await new Promise(() => undefined);
});
