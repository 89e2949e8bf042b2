// SPDX-License-Identifier: Apache-2.0
// Does: adds up the JUnit XML reports below a folder that are newer than a file, prints the failures and one line
// "N passed, N failed, N skipped". Exits with 1 if something failed or nothing ran. Does not: run tests.
//   node counts.mjs ROOT NEWER_THAN_FILE
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const [root, mark] = process.argv.slice(2);
const since = statSync(mark).mtimeMs;
const reportFolders = new Set(['surefire-reports', 'failsafe-reports', 'node-reports']);
const skippedFolders = new Set(['node_modules', '.git', 'data', 'src']);

function* reports(folder, inside) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) yield* reports(path, inside || reportFolders.has(entry.name));
    } else if (inside && entry.name.endsWith('.xml') && entry.name !== 'failsafe-summary.xml') {
      if (statSync(path).mtimeMs >= since) yield path;
    }
  }
}

const total = { passed: 0, failed: 0, skipped: 0 };
const attribute = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
for (const path of reports(root, false)) {
  const text = readFileSync(path, 'utf8');
  for (const [, tag, , body] of text.matchAll(/<testcase((?:[^>"]|"[^"]*")*?)(\/>|>([\s\S]*?)<\/testcase>)/g)) {
    if (body && /<(failure|error)[\s>/]/.test(body)) {
      total.failed++;
      console.log(`FAILED ${attribute(tag, 'classname')} ${attribute(tag, 'name')} (${relative(root, path)})`);
    } else if (body && /<skipped[\s>/]/.test(body)) {
      total.skipped++;
    } else {
      total.passed++;
    }
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
