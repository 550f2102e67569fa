import { CommandError } from './run-command.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Aborts at SIGINT or SIGTERM with a CommandError that names it; `consequence` says what that means for the work. `forget`
 * gives the signals back.
 */
export function listenForSignals(consequence = ''): {
  stop: AbortController;
  forget: () => void;
} {
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals) =>
    stop.abort(new CommandError(`Stopped by ${signal}${consequence}`));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return {
    stop,
    forget() {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
}
