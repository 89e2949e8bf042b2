// SPDX-License-Identifier: Apache-2.0
// Writes dist/sw.js: worker/sw.js with the files of the shell, which are what index.html names, what those scripts
// import at once, the languages, the manifest and the icons. Another build has another list and so another version.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const LANGUAGE = /^[a-z]{2}-[\w-]{8}\.js$/;
const EMPTY = "const SHELL = { version: 'none', named: [], files: [] };";

const html = readFileSync('dist/index.html', 'utf8');
const named = [...html.matchAll(/\/console\/[\w./-]+\.\w+/g)].map((match) => match[0]);
const files = new Set(named);
for (const file of files) {
  if (file.endsWith('.js')) {
    const code = readFileSync(file.replace('/console', 'dist'), 'utf8');
    for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
      files.add(`/console/assets/${match[1]}`);
    }
  }
}
for (const name of readdirSync('dist/assets').filter((one) => LANGUAGE.test(one))) {
  files.add(`/console/assets/${name}`);
}
for (const name of readdirSync('dist/icons')) {
  files.add(`/console/icons/${name}`);
}

const hash = createHash('sha256').update(html);
for (const file of [...files].sort()) {
  hash.update(file).update(readFileSync(file.replace('/console', 'dist')));
}
const shell = { version: hash.digest('hex').slice(0, 16), named, files: [...files].sort() };
const worker = readFileSync('worker/sw.js', 'utf8');
if (!worker.includes(EMPTY)) {
  throw new Error('worker/sw.js has no place for the list of files');
}
writeFileSync('dist/sw.js', worker.replace(EMPTY, `const SHELL = ${JSON.stringify(shell)};`));
console.log(`shell ${shell.version}: ${shell.files.length} files`);
