import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPrograms } from '../support/debian-programs.ts';
import { freePort } from '../support/free-port.ts';
import { type Program, runProgram } from '../support/program.ts';
import { startSmtp } from '../support/smtp.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import { startPrometheus, type TestPrometheus } from './prometheus.ts';

// The rules and the dashboard in a Prometheus that scrapes the built program, whose mail server is away.

const WAITING = { timeout: 40_000, interval: 500 };
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe.skipIf(!hasPrograms('prometheus'))('in Prometheus', () => {
  let folder: string;
  let data: TestUsher;
  let usher: Program;
  let prometheus: TestPrometheus;
  let smtpPort: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-alerts-'));
    await chmod(folder, 0o755);
    smtpPort = await freePort();
    data = await startUsher();
    const fixture = await data.addFixture();
    usher = runProgram('main', [], {
      HOME: folder,
      DATABASE_URL: data.databaseUrl,
      SECRET_KEY,
      METRICS_PORT: '0',
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      RETRY_DELAY_MS: '50',
    });
    const [url, [, metrics = '']] = [
      await usher.up(),
      await usher.said(/"url":"([^"]+\/metrics)"/),
    ];
    prometheus = await startPrometheus(metrics, at('docs/alerts.yml'));
    const headers = {
      authorization: `Bearer ${fixture.tokens.organization}`,
      'content-type': 'application/json',
    };
    const body = { subscription_id: fixture.ids.subscription, email: 'waiting@globex.example' };
    const assigned = await fetch(`${url}/v1/customer-seats`, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    });
    expect(assigned.status).toBe(200);
    const query = JSON.stringify({ query: 'query Who { viewer { kind } }' });
    await fetch(`${url}/graphql`, { method: 'POST', headers, body: query });
    await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{}' });
  });
  afterAll(async () => {
    await prometheus?.close();
    await usher?.stop('SIGTERM');
    await data?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const resultOf = async (query: string) => {
    const { result } = await prometheus.api(`query?query=${encodeURIComponent(query)}`);
    return Number(result[0]?.value[1] ?? Number.NaN);
  };
  const alerts = async () => {
    const { alerts: active } = await prometheus.api('alerts');
    return active.map(({ labels }: { labels: { alertname: string } }) => labels.alertname);
  };

  test('each rule can be evaluated', async () => {
    const healths = async () => {
      const { groups } = await prometheus.api('rules');
      return groups.flatMap(({ rules }: { rules: { health: string }[] }) =>
        rules.map(({ health }) => health),
      );
    };
    await expect.poll(healths, WAITING).not.toContain('unknown');
    expect(new Set(await healths())).toEqual(new Set(['ok']));
  });

  test('each query of the dashboard has an answer', async () => {
    const { panels } = JSON.parse(await readFile(at('docs/grafana-dashboard.json'), 'utf8'));
    const queries: string[] = panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
    );
    expect(queries.length).toBeGreaterThan(10);
    for (const query of queries) {
      await expect
        .poll(() => resultOf(`count(${query})`), { ...WAITING, message: query })
        .toBeGreaterThan(0);
    }
  });

  test('a mail that the mail server has not taken for ten minutes raises an alert, until it takes it', async () => {
    await expect
      .poll(() => resultOf('usher_mail_attempts_total{outcome="failed"}'), WAITING)
      .toBeGreaterThan(1);
    await expect.poll(() => resultOf('usher_mails_oldest_due_seconds'), WAITING).toBeGreaterThan(0);
    expect(await alerts()).toEqual([]);

    await data.db.$executeRaw`UPDATE mails SET created_at = created_at - interval '10 minutes'`;
    // It waits for the alert's `for`, which the test of the rules plays.
    await expect.poll(alerts, WAITING).toEqual(['UsherMailsStuck']);

    const smtp = await startSmtp({ port: smtpPort });
    await expect.poll(() => smtp.taken.length, WAITING).toBe(1);
    await expect.poll(alerts, WAITING).toEqual([]);
    await smtp.close();
  }, 150_000);
});
