import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { BenchDatabase } from './database.ts';
import { type Contender, measure } from './measure.ts';
import type { Workload } from './workloads.ts';

/** One SQL statement of a workload. */
export interface Statement {
  sql: string;
  /** How often it is sent for a request. */
  perRequest: number;
  /** How long PostgreSQL takes to parse, plan and execute it, each time. */
  microseconds: number;
}

const RUN_SECONDS = 1;
const POLL_MS = 10;

/**
 * The distinct SQL statements that a workload takes, BEGIN and COMMIT included, the most frequent first. They are counted
 * in PostgreSQL's log, in a run of their own: pg_stat_statements sees no BEGIN that was prepared.
 */
export async function countStatements(
  contender: Contender,
  workload: Workload,
): Promise<Statement[]> {
  const { database } = contender;
  await configure(database.client, 'SET log_min_duration_statement = 0');
  await configure(database.client, 'SET log_parameter_max_length = 0');
  const before = await readLog(database);
  const { requests } = await measure(contender, workload, RUN_SECONDS);
  const after = await readLog(database);
  await configure(database.client, 'RESET ALL');
  return tally(after.slice(before.length), requests);
}

async function configure(client: pg.Client, change: string): Promise<void> {
  const loaded = async () => {
    const { rows } = await client.query<{ at: Date }>('SELECT pg_conf_load_time() AS at');
    return rows[0]?.at.getTime();
  };
  const before = await loaded();
  await client.query(`ALTER SYSTEM ${change}`);
  await client.query('SELECT pg_reload_conf()');
  while ((await loaded()) === before) await delay(POLL_MS);
}

async function readLog({ log }: BenchDatabase): Promise<string> {
  return await readFile(log, 'utf8');
}

// What comes after the first line of a statement is indented.
const ENTRY =
  /LOG: {2}duration: ([\d.]+) ms {2}(parse|bind|execute|statement)[^:\n]*: (.*(?:\n\t.*)*)/g;

function tally(log: string, requests: number): Statement[] {
  const totals = new Map<string, { calls: number; milliseconds: number }>();
  for (const [, milliseconds, step, text = ''] of log.matchAll(ENTRY)) {
    const sql = text.trim().replaceAll(/\s+/g, ' ');
    const total = totals.get(sql) ?? { calls: 0, milliseconds: 0 };
    totals.set(sql, total);
    total.milliseconds += Number(milliseconds);
    if (step === 'execute' || step === 'statement') total.calls += 1;
  }
  return [...totals]
    .map(([sql, { calls, milliseconds }]) => ({
      sql,
      perRequest: calls / requests,
      microseconds: (milliseconds * 1000) / calls,
    }))
    .sort((a, b) => b.perRequest - a.perRequest);
}

/** How many statements a request takes, all together. */
export function totalOf(statements: readonly Statement[]): number {
  return statements.reduce((sum, { perRequest }) => sum + perRequest, 0);
}

/** The statements as lines to be read. */
export function describeStatements(statements: readonly Statement[]): string {
  const lines = statements.map(({ sql, perRequest, microseconds }) => {
    return `${perRequest.toFixed(2).padStart(6)} ${microseconds.toFixed(0).padStart(8)} µs  ${sql}`;
  });
  return lines.join('\n');
}
