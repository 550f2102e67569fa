// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the licences of the packages that files belong to, which have to go with copies of them.
 * @param {readonly string[]} files paths with `node_modules`
 */
export function noticesOf(files) {
  const roots = files.flatMap(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const notices = [...new Set(roots)].sort().map(root => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const texts = licencesIn(root).map(file => readFileSync(join(root, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/**
 * Returns the names of the licences in the folder of a package.
 * @param {string} folder
 */
export function licencesIn(folder) {
  return readdirSync(folder).filter(name => /^(?:licen[cs]e|notice|copying)(?:[.-]|$)/i.test(name));
}
