// SPDX-License-Identifier: Apache-2.0
// Fails when the styles use a variable of the build's own that no style sets: whatever is coloured by it has no colour.
import { readdirSync, readFileSync } from 'node:fs';

const styles = readdirSync('dist/assets')
  .filter((name) => name.endsWith('.css'))
  .map((name) => readFileSync(`dist/assets/${name}`, 'utf8'))
  .join('\n');
const used = new Set([...styles.matchAll(/var\((--lightningcss-[\w-]+)/g)].map(([, name]) => name));
const unset = [...used].filter((name) => !styles.includes(`${name}:`));
if (unset.length > 0) {
  console.error(`nothing sets ${unset.join(', ')}: light-dark() of the sources comes to nothing`);
  process.exit(1);
}
