import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copySources, type SourceCopy } from '../support/copy-sources.ts';

// When `npm start` and the other commands build, and when they start what is there.

let copy: SourceCopy;
let dist: string;
beforeAll(async () => {
  copy = await copySources();
  dist = join(copy.folder, 'dist');
  await rm(join(copy.folder, 'src', 'db', 'generated'), { recursive: true });
  await copy.build();
});
afterAll(() => copy[Symbol.asyncDispose]());

/** The time at which the last build was complete. */
const builtAt = async () => (await stat(join(dist, 'package.json'))).mtimeMs;

test('generates the client of the database where it is missing', async () => {
  expect(await readdir(join(copy.folder, 'src', 'db', 'generated'))).toContain('prisma');
  expect(await readdir(dist)).toContain('main.js');
});

test('without esbuild, starts what was built, and says what to do if a source has changed', async () => {
  await using installed = await copySources({ isComplete: false });
  const { folder } = installed;
  await cp(dist, join(folder, 'dist'), { recursive: true });
  await rm(join(folder, 'src', 'db', 'generated'), { recursive: true });
  expect(await installed.build('--if-changed')).toBe('');

  const refusal = {
    code: 1,
    stderr:
      'usher: dist is not built from these sources, and esbuild, which builds it, is not installed. Run `npm ci`\n',
  };
  for (const path of [
    'src/commands/token/main.ts',
    'src/build/make-dist.js',
    'prisma/demo.json',
    'prisma/schema.prisma',
    'schema/operations/assign-seat.graphql',
    'package-lock.json',
  ]) {
    const file = join(folder, path);
    const content = await readFile(file);
    await appendFile(file, '\n');
    await expect(installed.build('--if-changed'), path).rejects.toMatchObject(refusal);
    await writeFile(file, content);
    expect(await installed.build('--if-changed')).toBe('');
  }
  await rm(join(folder, 'src', 'log.ts'));
  await expect(installed.build('--if-changed')).rejects.toMatchObject(refusal);
});

test('builds only if a source has changed, and leaves nothing behind but what a process may still load', async () => {
  const migrations = join('prisma', 'migrations');
  await mkdir(join(copy.folder, migrations, '20990101000000_later'));
  await writeFile(join(copy.folder, migrations, '20990101000000_later', 'migration.sql'), '');
  await copy.build('--if-changed');
  const built = await builtAt();
  await copy.build('--if-changed');
  expect(await builtAt()).toBe(built);

  const [recent, old] = [join(dist, 'app-RECENT00.js'), join(dist, 'app-OLD00000.js')];
  for (const part of [recent, old]) await writeFile(part, '');
  const lastMonth = Date.now() / 1_000 - 30 * 24 * 60 * 60;
  await utimes(old, lastMonth, lastMonth);
  await rm(join(copy.folder, migrations, '20990101000000_later'), { recursive: true });
  const token = join(copy.folder, 'src', 'commands', 'token', 'main.ts');
  await writeFile(token, (await readFile(token, 'utf8')).replaceAll('Usage', 'How to use it'));
  await copy.build('--if-changed');
  expect(await builtAt()).toBeGreaterThan(built);
  expect(await readFile(join(dist, 'token.js'), 'utf8')).toContain('How to use it');
  expect(await readdir(join(dist, migrations))).toEqual(
    await readdir(join(copy.folder, migrations)),
  );
  expect(await readdir(dist)).toContain('app-RECENT00.js');
  expect(await readdir(dist)).not.toContain('app-OLD00000.js');

  await copy.build();
  expect(await readdir(dist)).not.toContain('app-RECENT00.js');
});
