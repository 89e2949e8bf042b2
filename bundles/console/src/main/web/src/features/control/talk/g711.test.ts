// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { aLaw, Downsampler, muLaw } from './g711';

/** ITU-T G.191's decoders, written from the tables, to hear what the encoders say. */
function muLawDecoded(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7);
  return (bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84) / 32_768;
}

function aLawDecoded(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  let magnitude = ((bits & 0x0f) << 4) + 8;
  if (segment > 0) {
    magnitude = (magnitude + 0x100) << (segment - 1);
  }
  return (bits & 0x80 ? magnitude : -magnitude) / 32_768;
}

describe('sound as cameras take it', () => {
  it('has the codes of the standard for silence and for the loudest', () => {
    expect([0, 1, -1].map(muLaw)).toEqual([0xff, 0x80, 0x00]);
    expect([0, 1, -1].map(aLaw)).toEqual([0xd5, 0xaa, 0x2a]);
  });

  it('is heard as it was said, to within a sixteenth of its loudness', () => {
    for (let sample = -0.99; sample <= 0.99; sample += 0.0037) {
      const room = Math.abs(sample) / 16 + 0.001;
      expect(Math.abs(muLawDecoded(muLaw(sample)) - sample)).toBeLessThan(room);
      expect(Math.abs(aLawDecoded(aLaw(sample)) - sample)).toBeLessThan(room);
    }
  });

  it('keeps its length and its tone at another rate, however it is cut', () => {
    for (const fromHz of [48_000, 44_100, 16_000, 8_000]) {
      const down = new Downsampler(fromHz, 8_000);
      const tone = Float32Array.from({ length: fromHz }, (_, n) =>
        Math.sin((2 * Math.PI * 440 * n) / fromHz),
      );
      const out: number[] = [];
      for (let at = 0; at < tone.length; at += 128) {
        out.push(...down.push(tone.subarray(at, at + 128)));
      }
      expect(out).toHaveLength(8_000);
      const rises = out.filter((sample, n) => sample >= 0 && (out[n - 1] ?? 0) < 0).length;
      expect(Math.abs(rises - 440)).toBeLessThanOrEqual(2);
    }
  });
});
