// SPDX-License-Identifier: Apache-2.0
import { NXvmsError, Problem, ServerUnreachable } from './errors.js';

/** Connections in a row that bring nothing. */
const ATTEMPTS_MAX = 5;

/** What of a segment is in the range, from the key frame before its beginning on: neighbouring fragments. */
export function pieceOf(index, fromMs, toMs) {
  let chosen = [];
  for (const fragment of index.fragments) {
    if (fragment.startMs >= toMs) {
      break;
    }
    if (fragment.key && fragment.startMs <= fromMs) {
      chosen = [];
    }
    chosen.push(fragment);
  }
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (first === undefined || last.startMs + last.durationMs <= fromMs) {
    return undefined;
  }
  return {
    segment: index.segmentId,
    init: index.initId,
    startMs: first.startMs,
    offset: first.offset,
    length: last.offset + last.length - first.offset,
  };
}

/** The bytes of a piece, gone on with where a connection broke off. */
export async function* bytesOf(open, piece, signal) {
  yield new Uint8Array(await (await open(`/media/v1/init/${piece.init}`, {})).arrayBuffer());
  yield* partOf(open, `/media/v1/segments/${piece.segment}`, piece.offset, piece.length, signal);
}

/** Part of what lies at a path, gone on with where a connection broke off. */
async function* partOf(open, path, offset, length, signal) {
  let got = 0;
  let failures = 0;
  while (got < length) {
    const before = got;
    let reason = 'the connection ended early';
    try {
      const response = await open(path, { Range: `bytes=${offset + got}-${offset + length - 1}` });
      if (response.status !== 206) {
        throw new NXvmsError(`expected a part of ${path}, got status ${response.status}`);
      }
      for await (const bytes of response.body) {
        got += bytes.length;
        yield bytes;
      }
    } catch (error) {
      const final = error instanceof Problem || (error instanceof NXvmsError && !(error instanceof ServerUnreachable));
      if (final || signal?.aborted) {
        throw error;
      }
      reason = error.message;
    }
    failures = got > before ? 0 : failures + 1;
    if (failures === ATTEMPTS_MAX) {
      throw new ServerUnreachable(`${path} breaks off at ${got} of ${length}: ${reason}`);
    }
  }
}

/** Writes the package of an export that is done. Node only. */
export async function writePackage(open, job, file, progress, signal) {
  const { mkdir, open: openFile, rename } = await import('node:fs/promises');
  const { dirname } = await import('node:path');
  await mkdir(dirname(file), { recursive: true });
  let doneBytes = 0;
  const out = await openFile(`${file}.part`, 'w');
  try {
    for await (const bytes of partOf(open, job.url, 0, job.bytesDone, signal)) {
      await out.writeFile(bytes);
      doneBytes += bytes.length;
      progress?.({ doneBytes, totalBytes: job.bytesDone, file });
    }
    await out.sync();
  } finally {
    await out.close();
  }
  await rename(`${file}.part`, file);
  return file;
}

/** Writes pieces as files into a folder. Node only. */
export async function writeFiles(open, pieces, folder, name, progress, signal) {
  const { mkdir, open: openFile, rename } = await import('node:fs/promises');
  const { join } = await import('node:path');
  await mkdir(folder, { recursive: true });
  const totalBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let doneBytes = 0;
  const files = [];
  for (const piece of pieces) {
    const file = join(folder, `${name}-${piece.startMs}.mp4`);
    const out = await openFile(`${file}.part`, 'w');
    try {
      let head = true;
      for await (const bytes of bytesOf(open, piece, signal)) {
        await out.writeFile(bytes);
        if (!head) {
          doneBytes += bytes.length;
          progress?.({ doneBytes, totalBytes, file });
        }
        head = false;
      }
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(`${file}.part`, file);
    files.push(file);
  }
  return files;
}
