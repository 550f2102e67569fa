// @ts-check
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { licencesIn, noticesOf } from './notices.js';
import { filesIn, GENERATED } from './sources.js';

export const DIST = 'dist';
const MANIFEST = join(DIST, 'package.json');

/** What usher reads at run time by `shippedFile`, with the same paths in this repository and in `dist/`. */
const FILES = ['prisma/demo.json', 'prisma/migrations', 'schema/operations', 'LICENSE'];

/** Packages that usher loads or reads on first use, with the files that it needs. All other packages are in the bundles. */
const PACKAGES = {
  punycode: ['punycode.js'],
  'swagger-ui-dist': ['swagger-ui.css', 'swagger-ui-bundle.js'],
  tr46: ['index.js', 'lib'],
};

// Packages in CommonJS find no `require` in ES modules.
const BANNER =
  "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);";

/** How long the parts of earlier builds stay, for processes that still run and load them on first use. */
const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * Returns whether `dist/` is complete and made from the sources with this hash.
 * @param {string} sources
 */
export function isBuiltFrom(sources) {
  return existsSync(MANIFEST) && readJson(MANIFEST).sources === sources;
}

/**
 * Makes `dist/` from the sources with this hash. Files of earlier builds stay for a week. Each file is replaced whole, so builds
 * and starts may run at the same time. Fails with ERR_MODULE_NOT_FOUND without esbuild.
 * @param {string} sources
 */
export async function makeDist(sources) {
  const { build } = await import('esbuild');
  // Without its manifest, dist is incomplete.
  rmSync(MANIFEST, { force: true });
  if (isStale(join(GENERATED, 'prisma', 'client.ts'), 'prisma/schema.prisma')) {
    execFileSync('npm', ['run', '--silent', 'generate'], { stdio: 'pipe' });
  }
  const { outputFiles, metafile } = await build({
    entryPoints: findPrograms(),
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['pg-native'],
    sourcemap: true,
    sourcesContent: false,
    banner: { js: BANNER },
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  for (const { path, contents } of outputFiles) replace(path, contents);
  for (const file of FILES) mirror(file, join(DIST, file));
  for (const [name, files] of Object.entries(PACKAGES)) {
    const folder = join('node_modules', name);
    for (const file of ['package.json', ...files, ...licencesIn(folder)]) {
      mirror(join(folder, file), join(DIST, folder, file));
    }
  }
  replace(join(DIST, 'THIRD-PARTY-NOTICES'), noticesOf(Object.keys(metafile.inputs)));
  removeOldParts();
  replace(MANIFEST, `${JSON.stringify(manifestOf(sources), null, 2)}\n`);
}

/** Returns the programs by name: the server, and one for each folder of `src/commands`. */
function findPrograms() {
  const commands = readdirSync('src/commands', { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => [name, `./src/commands/${name}/main.ts`]);
  return Object.fromEntries([['main', './src/main.ts'], ...commands]);
}

/**
 * Returns whether a file is missing, or older than what it is made from.
 * @param {string} file
 * @param {string} source
 */
function isStale(file, source) {
  return !existsSync(file) || statSync(file).mtimeMs < statSync(source).mtimeMs;
}

/**
 * Returns the package.json of `dist/`, with the scripts that start its programs.
 * @param {string} sources
 */
function manifestOf(sources) {
  const { name, version, description, license, type, engines, scripts } = readJson('package.json');
  const commands = Object.entries(scripts)
    .filter(([, command]) => / dist\/[\w-]+\.js$/.test(command))
    .map(([script, command]) => [script, command.replace(' dist/', ' ')]);
  return {
    ...{ name, version, description, license, private: true, type, engines },
    scripts: Object.fromEntries(commands),
    sources,
  };
}

/**
 * Copies a file or folder, and removes from the copy what the folder no longer has.
 * @param {string} from
 * @param {string} to
 */
function mirror(from, to) {
  for (const file of filesIn(from)) replace(join(to, file.slice(from.length)), readFileSync(file));
  if (!statSync(from).isDirectory()) return;
  const names = readdirSync(from);
  for (const name of readdirSync(to).filter(copied => !names.includes(copied))) {
    rmSync(join(to, name), { recursive: true });
  }
}

/** Removes the parts of programs that no build of the last week has written. */
function removeOldParts() {
  const parts = readdirSync(DIST).filter(name => /-[A-Z0-9]{8}\.js(?:\.map)?$/.test(name));
  for (const part of parts.map(name => join(DIST, name))) {
    if (statSync(part).mtimeMs < Date.now() - WEEK_MS) rmSync(part, { force: true });
  }
}

/**
 * Writes a file whole: a process that reads it meanwhile gets the old or the new one.
 * @param {string} path
 * @param {string | Uint8Array} content
 */
function replace(path, content) {
  const draft = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
