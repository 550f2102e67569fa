import { writeFile } from 'node:fs/promises';
import { arch, cpus, loadavg, platform } from 'node:os';
import { chartOf } from './chart.ts';
import { measureColdStarts } from './cold-start.ts';
import { compareAnswers, compareWithBare, DifferentAnswers } from './compare.ts';
import { PLAN } from './data.ts';
import { type BenchDatabase, type BenchPostgres, openPostgres } from './database.ts';
import { type Generator, startGenerator } from './generator.ts';
import { growthTable, measureGrowth } from './growth.ts';
import { CONNECTIONS, type Contender, VoidRun } from './measure.ts';
import { type Options, readOptions, UsageError } from './options.ts';
import { tableOf } from './report.ts';
import { type Results, resultOf, type StatementCounts, toJson } from './results.ts';
import { runRounds } from './rounds.ts';
import { startServer } from './servers.ts';
import { countStatements, describeStatements, totalOf } from './statements.ts';
import { apiOf, type Kind, type Workload } from './workloads.ts';

const KINDS = ['usher', 'b', 'untuned'] as const satisfies readonly Kind[];

const print = (text: string) => void process.stdout.write(`${text}\n`);
const tell = (message: string) => void process.stderr.write(`${message}\n`);

/** What was started, to be closed in the opposite order. */
type Opened = (() => Promise<void>)[];

/** Measures usher against a bare server, and against the untuned stack, on a PostgreSQL of its own. */
async function bench(options: Options, postgres: BenchPostgres, opened: Opened): Promise<void> {
  const { rounds, seconds, workloads } = options;
  const conditions = describeConditions(options);
  // One for all servers of a database, so that none of them meets a warmer one.
  const generators = new Map<BenchDatabase, Generator>();
  const addContender = async (
    name: string,
    kind: Kind,
    database: BenchDatabase,
    environment: Record<string, string> = {},
  ) => {
    const generator = generators.get(database) ?? startGenerator(database.data);
    if (!generators.has(database)) opened.push(generator.close);
    generators.set(database, generator);
    const server = await startServer(kind, database.url, environment);
    opened.push(server.close);
    return { name, kind, server, database, generator };
  };
  tell('loading the data');
  const database = await postgres.addDatabase('bench', PLAN);
  const coldStartMs = options.coldStarts ? await measureColdStarts(KINDS, database) : undefined;
  const contenders: Contender[] = [];
  for (const kind of KINDS) contenders.push(await addContender(kind, kind, database));
  await compare(contenders);

  const counted = await countAll(contenders, workloads, options.statements);
  const samples = await runRounds({ contenders, workloads, rounds, seconds, tell });
  const results: Results = new Map(
    workloads.map(workload => [workload, resultOf(workload, samples, counted.get(workload) ?? {})]),
  );
  print(tableOf(results));
  if (coldStartMs) print(`\nFrom start to first answer, ms: ${JSON.stringify(coldStartMs)}`);

  const growth = options.growth
    ? await measureGrowth({
        addDatabase: postgres.addDatabase,
        addContender: (name, grown, environment) => addContender(name, 'usher', grown, environment),
        rounds,
        seconds,
        tell,
      })
    : undefined;
  if (growth) print(`\n${growthTable(growth)}`);
  if (options.out !== undefined) {
    const json = { about: conditions, ...toJson(results), coldStartMs, growth, samples };
    await writeFile(options.out, `${JSON.stringify(json, null, 2)}\n`);
  }
  if (options.chart !== undefined) await writeFile(options.chart, chartOf(results));
}

/** Throws DifferentAnswers unless all do the same work. */
async function compare(contenders: readonly Contender[]): Promise<void> {
  const [usher, b, untuned] = KINDS.map(wanted => contenders.find(({ kind }) => kind === wanted));
  if (!usher || !b || !untuned) return;
  const { data } = usher.database;
  const compared = await compareAnswers(usher, untuned, data);
  tell(`${compared} answers of usher and of the untuned stack are the same`);
  await compareWithBare(usher, b, data);
}

/** Counts the statements of every workload on every server. */
async function countAll(
  contenders: readonly Contender[],
  workloads: readonly Workload[],
  shows: boolean,
): Promise<Map<Workload, StatementCounts>> {
  const counted = new Map<Workload, StatementCounts>();
  for (const workload of workloads) {
    const counts: StatementCounts = {};
    counted.set(workload, counts);
    for (const contender of contenders) {
      const { kind } = contender;
      if (apiOf(kind, workload) === undefined) continue;
      tell(`counting the statements of ${workload} ${kind}`);
      const statements = await countStatements(contender, workload);
      counts[kind] = totalOf(statements);
      if (!shows) continue;
      print(`${workload} ${kind}: ${counts[kind].toFixed(2)} statements a request`);
      print(`${describeStatements(statements)}\n`);
    }
  }
  return counted;
}

/** Where, when and how it was measured; the load is what the machine was doing before. */
function describeConditions({ rounds, seconds }: Options) {
  return {
    date: new Date().toISOString(),
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${arch()}`,
    loadAverage: loadavg()[0],
    connections: CONNECTIONS,
    rounds,
    secondsPerRun: seconds,
  };
}

class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

async function main(): Promise<void> {
  const options = readOptions();
  const opened: Opened = [];
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => reject(new Interrupted(`by ${signal}`)));
    }
  });
  interrupted.catch(() => undefined);
  const postgres = await openPostgres();
  opened.push(postgres.close);
  try {
    await Promise.race([interrupted, bench(options, postgres, opened)]);
  } finally {
    for (const close of opened.reverse()) {
      await close().catch(error => tell(`Something could not be closed: ${error}`));
    }
  }
}

try {
  await main();
} catch (error) {
  const isExpected = [VoidRun, DifferentAnswers, Interrupted, UsageError].some(
    kind => error instanceof kind,
  );
  tell(error instanceof Error && !isExpected ? `${error.stack}` : `${error}`);
  // What was under way when it was interrupted would go on for a while.
  process.exit(1);
}
