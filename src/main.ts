import cluster from 'node:cluster';
import { PROCESS_NUMBER, startProcesses, type Up } from './processes.ts';
import { runUntilStopped } from './program.ts';
import { start } from './start.ts';
import { welcome } from './welcome.ts';

const usage = `Usage: npm start
Serves GraphQL, REST and the pages, and delivers mail and webhooks. Environment variables configure it, such as
PORT, DATABASE_URL and PUBLIC_URL; the README lists them. SIGINT or SIGTERM stops it.`;

await runUntilStopped(
  { env: process.env, argv: process.argv, usage },
  async (config, logger, stop, tracing) => {
    // Otherwise a log collector reads both streams, and expects only JSON.
    const isForPeople = config.isTrial || process.stdout.isTTY || config.logFormat === 'pretty';
    const progress = (message: string) => {
      if (isForPeople) process.stdout.write(`  ${message}\n`);
      else logger.info(message);
    };
    if (cluster.isWorker) {
      const usher = await start(config, logger, message => logger.info(message), stop, {
        tracing,
        processNumber: process.env[PROCESS_NUMBER],
      });
      const { url, demo, lost, close } = usher;
      process.send?.({ url, demo } satisfies Up);
      return { details: { url }, lost, close };
    }
    const usher =
      config.processes > 1
        ? await startProcesses(config, logger, progress, stop)
        : await start(config, logger, progress, stop, { tracing });
    if (isForPeople) process.stdout.write(welcome(usher, config));
    const { url, lost, close } = usher;
    return { details: { url, processes: config.processes }, lost, close };
  },
);

// The channel to the parent would keep this process alive.
cluster.worker?.disconnect();
