// SPDX-License-Identifier: Apache-2.0
// Media for the development server: a 30 s clip in which every picture carries its number as a strip of black and white
// cells, encoded by the machine's ffmpeg, kept in the temporary folder. Same strip as the camera simulator's.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FPS = 25;
export const FRAMES = 750;
const FOLDER = join(tmpdir(), 'nxvms-console-dev');
const CELLS = 32;

function stripBits(number, rendition) {
  const check = 1020 - ((rendition * 65536 + number) % 1021);
  const bits = [1, 0];
  const push = (value, count) => {
    for (let i = count - 1; i >= 0; i--) {
      bits.push((value >> i) & 1);
    }
  };
  push(number, 16);
  push(rendition, 2);
  push(check, 10);
  return [...bits, 0, 1];
}

function paint(frame, width, height, number, rendition, hue) {
  const luma = frame.subarray(0, width * height);
  const sweep = (number / FRAMES) * width;
  for (let y = 0; y < height; y++) {
    const shade = 46 + Math.floor((y / height) * 70);
    luma.fill(shade, y * width, (y + 1) * width);
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
  const bits = stripBits(number, rendition);
  const top = Math.floor((height * 2) / 45);
  const bottom = Math.floor((height * 4) / 45);
  for (let cell = 0; cell < CELLS; cell++) {
    const left = Math.floor((width * (4 + cell)) / 40);
    const right = Math.floor((width * (5 + cell)) / 40);
    for (let y = top; y < bottom; y++) {
      luma.fill(bits[cell] ? 235 : 16, y * width + left, y * width + right);
    }
  }
}

function encode(file, width, height, rendition, hue, flags, bitrate) {
  return new Promise((resolve, reject) => {
    const args = [
      '-loglevel',
      'error',
      '-y',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-s',
      `${width}x${height}`,
    ];
    args.push(
      '-r',
      String(FPS),
      '-i',
      '-',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
    );
    args.push('-profile:v', 'main', '-g', '50', '-sc_threshold', '0', '-b:v', bitrate, '-maxrate', bitrate);
    args.push('-bufsize', bitrate, '-movflags', `${flags}+empty_moov+default_base_moof`, '-f', 'mp4', file);
    const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'inherit', 'inherit'] });
    ffmpeg.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))));
    (async () => {
      for (let number = 0; number < FRAMES; number++) {
        const frame = Buffer.alloc((width * height * 3) / 2);
        paint(frame, width, height, number, rendition, hue);
        if (!ffmpeg.stdin.write(frame)) {
          await new Promise((drained) => ffmpeg.stdin.once('drain', drained));
        }
      }
      ffmpeg.stdin.end();
    })().catch(reject);
  });
}

/** Splits into the initialisation segment and fragments; durations and keys follow from the fixed GOP. */
function split(bytes) {
  const fragments = [];
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

async function clip(name, ...settings) {
  const file = join(FOLDER, name);
  if (!existsSync(file)) {
    mkdirSync(FOLDER, { recursive: true });
    console.log(`encoding ${name}`);
    await encode(file, ...settings);
  }
  return split(readFileSync(file));
}

export async function loadMedia() {
  return {
    main: await clip('main-live.mp4', 1280, 720, 0, 118, 'frag_every_frame', '3M'),
    sub: await clip('sub-live.mp4', 640, 360, 1, 132, 'frag_every_frame', '500k'),
    archive: await clip('archive.mp4', 1280, 720, 0, 118, 'frag_keyframe', '3M'),
  };
}

/** A copy of a fragment that begins at another decode time (ticks of the track). */
export function atDecodeTime(bytes, fragment, ticks) {
  const copy = Buffer.from(bytes.subarray(fragment.offset, fragment.offset + fragment.length));
  const tfdt = copy.indexOf('tfdt', 0, 'latin1');
  if (copy[tfdt + 4] === 1) {
    copy.writeBigUInt64BE(BigInt(ticks), tfdt + 8);
  } else {
    copy.writeUInt32BE(ticks >>> 0, tfdt + 8);
  }
  return copy;
}

export function timescaleOf(init) {
  const mdhd = init.indexOf('mdhd', 0, 'latin1');
  return init.readUInt32BE(mdhd + 4 + 4 + 8);
}

const NTP_OFFSET_S = 2_208_988_800;

export function prft(captureMs, mediaTime) {
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
