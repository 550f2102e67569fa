import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Account,
  canReach,
  chooseAccount,
  createDraft,
  giveTo,
  openSystemDir,
  prepareRuntime,
  publishDraft,
  type Runtime,
  runProgram,
  sweepDrafts,
} from './embedded-runtime.ts';
import { ensureFolder } from './ensure-folder.ts';

/** A database cluster on disk, and the programs that run it. */
export interface Cluster {
  data: string;
  log: string;
  password: string;
  runtime: Runtime;
}

/**
 * Returns the cluster in `dataDir`; creates it if missing. Rejects if it is incomplete or of another major version.
 * If the unprivileged account of root cannot reach `dataDir`, the cluster is in the system folder, behind a link.
 */
export async function openCluster(
  dataDir: string,
  settings: Record<string, string>,
  onProgress: (message: string) => void,
): Promise<Cluster> {
  const folder = join(dataDir, 'postgres');
  await ensureFolder(dataDir);
  await sweepDrafts(dataDir);
  const account = await chooseAccount(folder);
  const runtime = await prepareRuntime(dataDir, account, onProgress);
  if (!existsSync(folder)) {
    onProgress(`Creating the database in ${dataDir} (once, takes a second)`);
    // A dangling link remains if the system folder was deleted.
    await rm(folder, { force: true });
    const home = account && !(await canReach(dataDir, account)) ? await openSystemDir() : dataDir;
    await createCluster(folder, home, runtime, account, settings.fsync !== 'off');
  }

  const cluster = await realpath(folder);
  const data = join(cluster, 'data');
  const part = async (path: string) => {
    const text = await readFile(path, 'utf8').catch(error => {
      if (error.code === 'EACCES') throw error;
      return '';
    });
    if (text.trim() !== '') return text.trim();
    throw new Error(`${folder} holds no complete database; move it away to start afresh`);
  };
  const major = await part(join(data, 'PG_VERSION'));
  if (major !== runtime.major)
    throw new Error(
      `PostgreSQL ${major} created it, and this version of usher has PostgreSQL ${runtime.major}. To keep the data, run \`npm run export -- --all usher.json\` with the version of usher from before, move ${folder} away, and run \`npm run import -- usher.json\` with this one (docs/backup.md#upgrade-the-embedded-postgresql)`,
    );
  // A folder that root owns is a copy that root made.
  const entry = await lstat(folder);
  if (account && entry.isDirectory() && entry.uid === 0) await giveTo(account, folder);
  const password = await part(join(cluster, 'password'));
  return { data, log: join(dataDir, 'postgres.log'), password, runtime };
}

/** Creates a cluster in `home` and moves it, or a link to it, to `folder`, unless another process was faster. */
async function createCluster(
  folder: string,
  home: string,
  runtime: Runtime,
  account: Account | undefined,
  sync: boolean,
): Promise<void> {
  const draft = await createDraft(home);
  try {
    const password = join(draft, 'password');
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
    if (account) await giveTo(account, draft);
    await runProgram(runtime, 'initdb', [
      ...['-D', join(draft, 'data'), '-U', 'usher', '--pwfile', password, '-A', 'scram-sha-256'],
      ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['-c', 'timezone=UTC', '-c', 'log_timezone=UTC'],
      ...(sync ? [] : ['--no-sync']),
    ]);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  if (home === dirname(folder)) return publishDraft(draft, folder);

  const cluster = join(home, `data-${randomBytes(8).toString('hex')}`);
  await rename(draft, cluster);
  try {
    await symlink(cluster, folder);
  } catch (error) {
    await rm(cluster, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
