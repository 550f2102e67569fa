import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../support/debian-programs.ts';
import { freePort } from '../support/free-port.ts';

/** A Prometheus that scrapes one target, and evaluates rules, every second. */
export interface TestPrometheus {
  /** Returns the answer of its API to a path such as `query?query=up`. Throws if it refuses. */
  // biome-ignore lint/suspicious/noExplicitAny: each path has an answer of its own, and the test asserts it.
  api(path: string): Promise<any>;
  close(): Promise<void>;
}

/** Starts one with a file of rules. `metricsUrl` is the target's; its job is `usher`. */
export async function startPrometheus(
  metricsUrl: string,
  rulesFile: string,
): Promise<TestPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-prometheus-'));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rulesFile],
    scrape_configs: [
      { job_name: 'usher', static_configs: [{ targets: [new URL(metricsUrl).host] }] },
    ],
  };
  // JSON is YAML too.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const listening = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    findProgram('prometheus') ?? '',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listening}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const close = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready(child);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async api(path) {
      const answer = await fetch(`http://${listening}/api/v1/${path}`);
      const { data, error } = (await answer.json()) as { data: unknown; error?: string };
      if (error !== undefined) throw new Error(`${path}: ${error}`);
      return data;
    },
    close,
  };
}

/** Resolves once it answers; rejects with its log if it ends before. */
async function ready(child: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server is ready to receive web requests')) resolve();
    });
    child.once('close', () => reject(new Error(log)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'close');
  child.kill('SIGTERM');
  await exit;
}
