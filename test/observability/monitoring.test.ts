import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { findProgram, hasPrograms } from '../support/debian-programs.ts';
import { startUsher } from '../support/usher.ts';
import { namesOf } from './scraped.ts';

// What the page, the dashboard and the alert rules say of metrics, held against a real scrape.

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFile(at(path), 'utf8');

let scraped: Set<string>;
beforeAll(async () => {
  const usher = await startUsher({ metrics: true });
  scraped = new Set(namesOf(await usher.scrape()));
  await usher.close();
});

/** The metrics that a text names, without the suffixes of a histogram's series. */
function namedIn(text: string): Set<string> {
  const names = [...text.matchAll(/\busher_\w+/g)].map(([name]) => name);
  return new Set(
    names.map(name => (scraped.has(name) ? name : name.replace(/_(?:bucket|count|sum)$/, ''))),
  );
}

test('the page lists all metrics, and no other', async () => {
  const page = await read('docs/monitoring.md');
  expect([...namedIn(page)].sort()).toEqual([...scraped].sort());
});

test.each(['docs/alerts.yml', 'docs/grafana-dashboard.json', 'test/observability/alerts.test.yml'])(
  '%s names metrics that exist',
  async file => {
    const named = [...namedIn(await read(file))];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(name => !scraped.has(name))).toEqual([]);
  },
);

test('each alert has a test in which it fires', async () => {
  const alerts = [...(await read('docs/alerts.yml')).matchAll(/- alert: (\w+)/g)].map(
    ([, name]) => name,
  );
  const tests = await read('test/observability/alerts.test.yml');
  const fired = [...tests.matchAll(/alertname: (\w+)\n\s+exp_alerts:\n/g)].map(([, name]) => name);
  expect([...new Set(fired)].sort()).toEqual(alerts.sort());
});

describe.skipIf(!hasPrograms('promtool'))('promtool', () => {
  const promtool = (...args: string[]) => promisify(execFile)(findProgram('promtool') ?? '', args);

  test('accepts the rules', async () => {
    const { stdout } = await promtool('check', 'rules', at('docs/alerts.yml'));
    expect(stdout).toContain('SUCCESS');
  });

  test('finds that they fire when they should, and not before', async () => {
    const { stdout } = await promtool('test', 'rules', at('test/observability/alerts.test.yml'));
    expect(stdout).toContain('SUCCESS');
  });

  test('accepts a scrape', async () => {
    const usher = await startUsher({ metrics: true });
    const text = await usher.scrape();
    await usher.close();
    const check = execFile(findProgram('promtool') ?? '', ['check', 'metrics']);
    check.stdin?.end(text);
    let problems = '';
    check.stderr?.on('data', chunk => {
      problems += chunk;
    });
    await new Promise(resolve => check.once('close', resolve));
    // What prom-client itself names.
    const ours = problems.split('\n').filter(line => line.includes('usher_'));
    expect(ours).toEqual([]);
  });
});
