import { runUntilStopped } from './program.ts';
import { start } from './start.ts';
import { welcome } from './welcome.ts';

await runUntilStopped(process.env, async (config, logger) => {
  const usher = await start(config, logger, message => process.stdout.write(`  ${message}\n`));
  process.stdout.write(
    welcome(usher.url, usher.demo, { hasMailbox: config.mailbox !== undefined }),
  );
  return { details: { url: usher.url }, close: usher.close };
});
