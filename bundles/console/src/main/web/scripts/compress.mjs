// SPDX-License-Identifier: Apache-2.0
// Writes a .gz beside every file of dist that gets smaller by it; the server hands these out as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const COMPRESSIBLE = /\.(html|js|css|svg|json|txt|webmanifest)$/;
const BYTES_MIN = 512;

function visit(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      visit(path);
    } else if (COMPRESSIBLE.test(name)) {
      const plain = readFileSync(path);
      const packed = gzipSync(plain, { level: 9 });
      if (plain.length >= BYTES_MIN && packed.length < plain.length * 0.95) {
        writeFileSync(`${path}.gz`, packed);
      }
    }
  }
}

visit('dist');
