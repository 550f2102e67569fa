import { freePort } from '../support/free-port.ts';

// usher twice in one process: without metrics and access log, and with both. FIRST is the one to start first. Writes the
// addresses as JSON.

const MAIN = new URL('../../../main.js', import.meta.url);

const WITHOUT_FIRST = ['without', 'with'] as const;
const WITH_FIRST = WITHOUT_FIRST.toReversed();

const ENVIRONMENTS = {
  without: { ACCESS_LOG: 'false', SLOW_STATEMENT_MS: '0', LOG_LEVEL: 'warn' },
  with: { ACCESS_LOG: 'true', SLOW_STATEMENT_MS: '1000', LOG_LEVEL: 'info', METRICS_PORT: '0' },
};

const urls: Record<string, string> = {};
for (const kind of process.env.FIRST === 'with' ? WITH_FIRST : WITHOUT_FIRST) {
  const port = String(await freePort());
  delete process.env.METRICS_PORT;
  Object.assign(process.env, { ...ENVIRONMENTS[kind], PORT: port });
  const url = `http://127.0.0.1:${port}`;
  // The module ends when the program does. What it imports is the same for both.
  void import(`${MAIN}?port=${port}`);
  while (!(await isReady(url)));
  urls[kind] = url;
}
process.stdout.write(`${JSON.stringify(urls)}\n`);

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
