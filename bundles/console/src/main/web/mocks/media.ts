// SPDX-License-Identifier: Apache-2.0
// Media of the mock server: a 30 s clip in which every picture carries its number as a strip of black and white cells,
// the same strip as the camera simulator's. The machine's ffmpeg encodes it once; it is kept in the temporary folder.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FPS = 25;
export const FRAMES = 750;
export const CODECS = 'avc1.4D401F';
export const GOP = 50;
const FOLDER = join(tmpdir(), 'nxvms-console-mocks');
const CELLS = 32;
const STILL_PX = 640;

export interface Piece {
  offset: number;
  length: number;
}

/** Fragments with what comes before them. */
export interface Clip {
  bytes: Buffer<ArrayBuffer>;
  init: Buffer<ArrayBuffer>;
  fragments: Piece[];
}

export interface Media {
  main: Clip;
  sub: Clip;
  /** As it is kept: a fragment is a whole group of pictures. */
  archive: Clip;
  /** A JPEG for each fragment of the archive. */
  stills: Buffer<ArrayBuffer>[];
}

function stripBits(number: number, rendition: number): number[] {
  const check = 1020 - ((rendition * 65536 + number) % 1021);
  const bits = [1, 0];
  const push = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; i--) {
      bits.push((value >> i) & 1);
    }
  };
  push(number, 16);
  push(rendition, 2);
  push(check, 10);
  return [...bits, 0, 1];
}

/** A picture in YUV 4:2:0: a gradient, squares that wander, and the strip. */
function paint(width: number, height: number, number: number, rendition: number, hue: number): Buffer {
  const frame = Buffer.alloc((width * height * 3) / 2);
  const luma = frame.subarray(0, width * height);
  const sweep = (number / FRAMES) * width;
  for (let y = 0; y < height; y++) {
    luma.fill(46 + Math.floor((y / height) * 70), y * width, (y + 1) * width);
  }
  for (let k = 0; k < 5; k++) {
    const size = Math.floor(height / (6 + k));
    const x0 = Math.floor((sweep * (1 + k * 0.6) + k * 90) % (width - size));
    const y0 = Math.floor(height * 0.2 + (((k * height) / 6.2) % (height * 0.65)));
    for (let y = y0; y < Math.min(height, y0 + size); y++) {
      luma.fill(120 + k * 24, y * width + x0, y * width + x0 + size);
    }
  }
  frame.fill(hue, width * height, width * height * 1.25);
  frame.fill(255 - hue, width * height * 1.25);
  const top = Math.floor((height * 2) / 45);
  const bottom = Math.floor((height * 4) / 45);
  stripBits(number, rendition)
    .slice(0, CELLS)
    .forEach((bit, cell) => {
      const left = Math.floor((width * (4 + cell)) / 40);
      const right = Math.floor((width * (5 + cell)) / 40);
      for (let y = top; y < bottom; y++) {
        luma.fill(bit ? 235 : 16, y * width + left, y * width + right);
      }
    });
  return frame;
}

interface Look {
  width: number;
  height: number;
  rendition: number;
  hue: number;
}

function ffmpeg(args: string[], feed?: (into: NodeJS.WritableStream) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-loglevel', 'error', '-y', ...args], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.on('error', (cause) =>
      reject(new Error('the mock server makes its pictures with ffmpeg, which is not installed', { cause })),
    );
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))));
    // Why it ends is said by its exit.
    child.stdin.on('error', () => undefined);
    (feed?.(child.stdin) ?? Promise.resolve()).then(() => child.stdin.end(), reject);
  });
}

function encode(
  file: string,
  { width, height, rendition, hue }: Look,
  flags: string,
  bitrate: string,
): Promise<void> {
  const input = `-f rawvideo -pix_fmt yuv420p -s ${width}x${height} -r ${FPS} -i -`;
  const coder = `-c:v libx264 -preset ultrafast -tune zerolatency -profile:v main -g ${GOP} -sc_threshold 0`;
  const rate = `-b:v ${bitrate} -maxrate ${bitrate} -bufsize ${bitrate}`;
  const form = `-movflags ${flags}+empty_moov+default_base_moof -f mp4`;
  return ffmpeg([...`${input} ${coder} ${rate} ${form}`.split(' '), file], async (into) => {
    for (let number = 0; number < FRAMES; number++) {
      if (!into.write(paint(width, height, number, rendition, hue))) {
        await new Promise((drained) => into.once('drain', drained));
      }
    }
  });
}

/** Splits into the initialisation segment and fragments; durations and keys follow from the fixed group of pictures. */
function split(bytes: Buffer<ArrayBuffer>): Clip {
  const fragments: Piece[] = [];
  let init = 0;
  let moof = 0;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'moof') {
      init ||= at;
      moof = at;
    } else if (type === 'mdat') {
      fragments.push({ offset: moof, length: at + size - moof });
    }
    at += size;
  }
  return { bytes, init: bytes.subarray(0, init), fragments };
}

/** Made beside and put in place whole: who is ended half-way leaves nothing half. */
async function once(name: string, make: (file: string) => Promise<void>): Promise<Buffer<ArrayBuffer>> {
  const file = join(FOLDER, name);
  if (!existsSync(file)) {
    mkdirSync(FOLDER, { recursive: true });
    console.log(`mock server: makes ${name}`);
    const beside = join(FOLDER, `${process.pid}-${name}`);
    await make(beside);
    renameSync(beside, file);
  }
  return readFileSync(file);
}

const LARGE: Look = { width: 1280, height: 720, rendition: 0, hue: 118 };
const SMALL: Look = { width: 640, height: 360, rendition: 1, hue: 132 };

export async function loadMedia(): Promise<Media> {
  const clip = async (name: string, look: Look, flags: string, bitrate: string) =>
    split(await once(name, (file) => encode(file, look, flags, bitrate)));
  const main = await clip('main-live.mp4', LARGE, 'frag_every_frame', '3M');
  const sub = await clip('sub-live.mp4', SMALL, 'frag_every_frame', '500k');
  const archive = await clip('archive.mp4', LARGE, 'frag_keyframe', '3M');
  const stills: Buffer<ArrayBuffer>[] = [];
  for (let n = 0; n < FRAMES / GOP; n++) {
    const from = ['-ss', String((n * GOP) / FPS), '-i', join(FOLDER, 'archive.mp4')];
    stills.push(
      await once(`still-${STILL_PX}-${n}.jpg`, (file) =>
        ffmpeg([...from, '-frames:v', '1', '-vf', `scale=${STILL_PX}:-2`, '-f', 'image2', file]),
      ),
    );
  }
  return { main, sub, archive, stills };
}

/** A copy of a fragment that begins at another decode time (ticks of the track). */
export function atDecodeTime(bytes: Buffer, { offset, length }: Piece, ticks: number): Buffer {
  const copy = Buffer.from(bytes.subarray(offset, offset + length));
  const tfdt = copy.indexOf('tfdt', 0, 'latin1');
  if (copy[tfdt + 4] === 1) {
    copy.writeBigUInt64BE(BigInt(ticks), tfdt + 8);
  } else {
    copy.writeUInt32BE(ticks >>> 0, tfdt + 8);
  }
  return copy;
}

export function timescaleOf(init: Buffer): number {
  const mdhd = init.indexOf('mdhd', 0, 'latin1');
  return init.readUInt32BE(mdhd + 4 + 4 + 8);
}

const NTP_OFFSET_S = 2_208_988_800;

/** When the pictures behind it were taken (ISO/IEC 14496-12 8.16.5). */
export function prft(captureMs: number, mediaTime: number): Buffer {
  const box = Buffer.alloc(32);
  box.writeUInt32BE(32, 0);
  box.write('prft', 4, 'latin1');
  box.writeUInt32BE(0x01000018, 8);
  box.writeUInt32BE(1, 12);
  box.writeUInt32BE(Math.floor(captureMs / 1000) + NTP_OFFSET_S, 16);
  box.writeUInt32BE(Math.floor(((captureMs % 1000) / 1000) * 2 ** 32), 20);
  box.writeBigUInt64BE(BigInt(mediaTime), 24);
  return box;
}
