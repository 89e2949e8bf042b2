// SPDX-License-Identifier: Apache-2.0
// Fails when the first load or any lazy part has outgrown its budget. The first load is index.html, what it names,
// and everything those scripts import statically.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const FIRST_JS_MAX = 300 * 1024;
const FIRST_ALL_MAX = 345 * 1024;
const LAZY_JS_MAX = 60 * 1024;

const gz = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

const html = readFileSync('dist/index.html', 'utf8');
const first = new Set([...html.matchAll(/assets\/[\w.-]+\.(?:js|css)/g)].map((match) => match[0]));
for (const asset of first) {
  if (asset.endsWith('.js')) {
    const code = readFileSync(`dist/${asset}`, 'utf8');
    for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
      first.add(`assets/${match[1]}`);
    }
  }
}

let js = 0;
let css = 0;
let failed = false;
for (const name of readdirSync('dist/assets').sort()) {
  if (!/\.(js|css)$/.test(name)) {
    continue;
  }
  const asset = `assets/${name}`;
  const size = gz(`dist/${asset}`);
  const isFirst = first.has(asset);
  console.log(`${isFirst ? 'first' : 'lazy '}  ${kib(size).padStart(10)}  ${name}`);
  if (isFirst && name.endsWith('.js')) {
    js += size;
  } else if (isFirst) {
    css += size;
  } else if (name.endsWith('.js') && size > LAZY_JS_MAX) {
    console.error(`${name} is ${kib(size)} compressed, a lazy part may have ${kib(LAZY_JS_MAX)}`);
    failed = true;
  }
}
console.log(`first load: ${kib(js)} script, ${kib(css)} style (compressed)`);
if (js > FIRST_JS_MAX || js + css > FIRST_ALL_MAX) {
  console.error(`first load may have ${kib(FIRST_JS_MAX)} script and ${kib(FIRST_ALL_MAX)} in all`);
  failed = true;
}
process.exit(failed ? 1 : 0);
