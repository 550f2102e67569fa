import { cp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copySources } from './support/copy-sources.ts';

// When `npm start` and the other commands build, and when they start what is there.

const CHANGE = [
  'src/commands/token/main.ts',
  'prisma/demo.json',
  'schema/operations/assign-seat.graphql',
];

/** The time at which a build was complete, and its files. */
async function stateOf(folder: string) {
  const { mtimeMs } = await stat(join(folder, 'dist', 'package.json'));
  return { mtimeMs, files: await readdir(join(folder, 'dist')) };
}

test('builds only if a source has changed', async () => {
  await using copy = await copySources();
  await copy.build('--if-changed');
  for (const path of CHANGE) {
    const built = await stateOf(copy.folder);
    await copy.build('--if-changed');
    expect(await stateOf(copy.folder)).toEqual(built);

    const file = join(copy.folder, path);
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replaceAll('Usage', 'How to use it').concat('\n'),
    );
    await copy.build('--if-changed');
    const rebuilt = await stateOf(copy.folder);
    expect(rebuilt.mtimeMs).toBeGreaterThan(built.mtimeMs);
    // A process that runs may still load what it was built with.
    expect(rebuilt.files).toEqual(expect.arrayContaining(built.files));
  }
  expect(await readFile(join(copy.folder, 'dist', 'token.js'), 'utf8')).toContain('How to use it');

  await copy.build();
  const fresh = await stateOf(copy.folder);
  await writeFile(join(copy.folder, 'dist', 'chunk-OLD.js'), '');
  await copy.build();
  expect((await stateOf(copy.folder)).files).toEqual(fresh.files);
});

test('generates the client of the database where it is missing', async () => {
  await using copy = await copySources();
  await rm(join(copy.folder, 'src', 'db', 'generated'), { recursive: true });
  await copy.build();
  expect((await stateOf(copy.folder)).files).toContain('main.js');
});

test('starts what was built without esbuild, and says what to do if a source has changed', async () => {
  await using complete = await copySources();
  await complete.build();
  await using copy = await copySources({ isComplete: false });
  await cp(join(complete.folder, 'dist'), join(copy.folder, 'dist'), { recursive: true });
  await rm(join(copy.folder, 'src', 'db', 'generated'), { recursive: true });
  expect(await copy.build('--if-changed')).toBe('');
  await unlink(join(copy.folder, 'src', 'log.ts'));
  await expect(copy.build('--if-changed')).rejects.toMatchObject({
    code: 1,
    stderr:
      'usher: dist is not built from these sources, and esbuild, which builds it, is not installed. Run `npm ci`\n',
  });
});
