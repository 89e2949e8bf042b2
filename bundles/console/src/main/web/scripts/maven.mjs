// SPDX-License-Identifier: Apache-2.0
// Called by Maven: `node scripts/maven.mjs build|test TARGET`. Does nothing when no source has changed since the last
// success; a stamp in TARGET tells. `build` ends with the files in TARGET/classes/web.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const [, , goal, target] = process.argv;
const LOCK_STAMP = 'node_modules/.nxvms-lock';
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', 'target']);
/** What the check compiles beside the console: types for extensions, and the sample that uses them. */
const BESIDE = ['console-host', 'console-sample'].map((name) => join('../../../../../sdk', name));

function sources(folder) {
  return readdirSync(folder)
    .sort()
    .filter((name) => !LEFT_OUT.has(name))
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? sources(path) : [path];
    });
}

function hashOf(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

const stampHolds = (path, stamp) => existsSync(path) && readFileSync(path, 'utf8') === stamp;

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error || status !== 0) {
    console.error(`${command} ${args.join(' ')} has failed${error ? `: ${error.message}` : ''}`);
    process.exit(status || 1);
  }
}

function install() {
  const stamp = hashOf(['package.json', 'package-lock.json', '.npmrc']);
  if (!stampHolds(LOCK_STAMP, stamp)) {
    run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error');
    writeFileSync(LOCK_STAMP, stamp);
  }
}

const stampPath = join(target, `web-${goal}.stamp`);
// The verifier of packages is that of the bundle of exports.
const VERIFIER = '../../../../export/src/main/resources/org/nxvms/export/job/verify.html';
const stamp = hashOf([...['.', ...BESIDE].flatMap(sources), VERIFIER]);
const classes = join(target, 'classes', 'web');
if (stampHolds(stampPath, stamp) && (goal !== 'build' || existsSync(join(classes, 'index.html')))) {
  console.log(`web ${goal}: nothing has changed`);
  process.exit(0);
}
install();
if (goal === 'build') {
  run('npm', 'run', '--silent', 'build');
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(classes, { recursive: true });
  cpSync('dist', classes, { recursive: true });
} else {
  run('npm', 'run', '--silent', 'lint');
  run('npm', 'run', '--silent', 'check');
  // Counted, and named where it fails, with those of the other modules.
  const report = join(target, 'node-reports', 'console.xml');
  run(
    'npm',
    'run',
    '--silent',
    'test',
    '--',
    '--reporter=default',
    '--reporter=junit',
    `--outputFile.junit=${report}`,
  );
}
mkdirSync(target, { recursive: true });
writeFileSync(stampPath, stamp);
