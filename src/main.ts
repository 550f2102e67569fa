import cluster from 'node:cluster';
import { startProcesses, type Up } from './processes.ts';
import { runUntilStopped } from './program.ts';
import { start } from './start.ts';
import { welcome } from './welcome.ts';

await runUntilStopped(process.env, async (config, logger) => {
  const progress = (message: string) => void process.stdout.write(`  ${message}\n`);
  if (cluster.isWorker) {
    const usher = await start(config, logger, message => logger.info(message));
    const { url, demo, lost, close } = usher;
    process.send?.({ url, demo } satisfies Up);
    return { details: { url }, lost, close };
  }
  const usher =
    config.processes > 1
      ? await startProcesses(config, logger, progress)
      : await start(config, logger, progress);
  process.stdout.write(welcome(usher, config));
  const { url, lost, close } = usher;
  return { details: { url, processes: config.processes }, lost, close };
});

// What leads to the parent would keep this process.
cluster.worker?.disconnect();
