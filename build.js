// Makes `dist/`, which has all that usher needs at run time besides Node.js and PostgreSQL.
//
//   node build.js                makes it anew
//   node build.js --if-changed   only if a source has changed since; keeps old files, which a running process may still load
//
// It is JavaScript and loads esbuild only to build: an installation without development dependencies starts what was built.

import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

const DIST = 'dist';
const MANIFEST = join(DIST, 'package.json');

/** Where usher reads files at run time, by their paths in this repository and in `dist/` alike. */
const FILES = ['prisma/demo.json', 'prisma/migrations', 'schema/operations', 'LICENSE'];

/** What is made of `prisma/schema.prisma`, and may be missing where nothing is built. */
const GENERATED = join('src', 'db', 'generated');
const CLIENT = join(GENERATED, 'prisma', 'client.ts');
const SOURCES = [
  'src',
  'prisma',
  'schema/operations',
  'package.json',
  'package-lock.json',
  'build.js',
  'LICENSE',
];

/** Packages of which usher reads files, or that it loads on first use; all others are in the bundles. */
const PACKAGES = {
  punycode: ['punycode.js'],
  'swagger-ui-dist': ['swagger-ui.css', 'swagger-ui-bundle.js'],
  tr46: ['index.js', 'lib'],
};

// What is built runs as ES modules, where packages in CommonJS find no `require`.
const BANNER =
  "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);";

process.chdir(import.meta.dirname);
const sources = hashSources();
if (!process.argv.includes('--if-changed')) {
  rmSync(DIST, { recursive: true, force: true });
  await build();
} else if (!isBuilt()) {
  await build();
}

/** The programs by name: the server, and one for each folder of `src/commands`. */
function findPrograms() {
  const commands = readdirSync('src/commands', { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => [name, `./src/commands/${name}/main.ts`]);
  return Object.fromEntries([['main', './src/main.ts'], ...commands]);
}

function isBuilt() {
  return existsSync(MANIFEST) && readJson(MANIFEST).sources === sources;
}

/** Whether a file is missing, or older than what it is made of. */
function isStale(file, source) {
  return !existsSync(file) || statSync(file).mtimeMs < statSync(source).mtimeMs;
}

async function build() {
  // The manifest comes last: without it, the build was interrupted.
  rmSync(MANIFEST, { force: true });
  const { build: bundle } = await import('esbuild').catch(() => {
    process.stderr.write(
      'usher: dist is not built from these sources, and esbuild, which builds it, is not installed. Run `npm ci`\n',
    );
    process.exit(1);
  });
  if (isStale(CLIENT, 'prisma/schema.prisma')) {
    execFileSync('npm', ['run', '--silent', 'generate'], { stdio: 'pipe' });
  }
  const { outputFiles, metafile } = await bundle({
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
  mkdirSync(DIST, { recursive: true });
  for (const { path, contents } of outputFiles) replace(path, contents);
  for (const file of FILES) cpSync(file, join(DIST, file), { recursive: true });
  for (const [name, files] of Object.entries(PACKAGES)) {
    const from = join('node_modules', name);
    for (const file of ['package.json', ...files, ...licencesIn(from)]) {
      cpSync(join(from, file), join(DIST, from, file), { recursive: true });
    }
  }
  replace(join(DIST, 'THIRD-PARTY-NOTICES'), noticesOf(Object.keys(metafile.inputs)));
  replace(MANIFEST, `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** Returns the package.json of `dist/`: the commands of this one, which start what is built. */
function manifest() {
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

/** Returns the licences of the packages that these files belong to. */
function noticesOf(inputs) {
  const roots = inputs.flatMap(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const notices = [...new Set(roots)].sort().map(root => {
    const { name, version, license } = readJson(join(root, 'package.json'));
    const texts = licencesIn(root).map(file => readFileSync(join(root, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function licencesIn(folder) {
  return readdirSync(folder).filter(name => /^(?:licen[cs]e|notice|copying)(?:[.-]|$)/i.test(name));
}

/** Returns a hash of the names and contents of all sources. */
function hashSources() {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesIn)) {
    const content = readFileSync(path);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter(file => !file.startsWith(GENERATED))
    .sort();
}

/** Writes a file whole: whoever reads it meanwhile gets the old one or the new one. */
function replace(path, content) {
  const draft = join(DIST, `.${basename(path)}.${randomUUID()}`);
  writeFileSync(draft, content);
  renameSync(draft, path);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
