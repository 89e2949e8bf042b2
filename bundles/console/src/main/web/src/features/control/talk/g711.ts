// SPDX-License-Identifier: Apache-2.0
// Sound as cameras take it: ITU-T G.711, one byte a sample.

const PEAK = 32_767;
const CLIP = 32_635;
const BIAS = 0x84;

function pcm16(sample: number): number {
  return Math.round(Math.min(1, Math.max(-1, sample)) * PEAK);
}

/** µ-law (G.711 table 2): segment by the highest set bit above the bias, four bits within it, all inverted. */
export function muLaw(sample: number): number {
  const value = pcm16(sample);
  const sign = value < 0 ? 0x80 : 0;
  const magnitude = Math.min(CLIP, Math.abs(value)) + BIAS;
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const mantissa = (magnitude >> (segment + 3)) & 0x0f;
  return ~(sign | (segment << 4) | mantissa) & 0xff;
}

/** A-law (G.711 table 1): every other bit inverted. */
export function aLaw(sample: number): number {
  const value = pcm16(sample);
  const sign = value < 0 ? 0 : 0x80;
  const magnitude = Math.min(CLIP, value < 0 ? -value - 1 : value);
  const segment = Math.max(0, 31 - Math.clz32(Math.max(1, magnitude)) - 7);
  const mantissa = segment === 0 ? magnitude >> 4 : magnitude >> (segment + 3);
  return (sign | (segment << 4) | (mantissa & 0x0f)) ^ 0x55;
}

/**
 * Brings sound to a lower rate: each sample is the mean of those it stands for, which keeps what is above the new rate's half
 * mostly out. Keeps what is left of a block for the next one.
 */
export class Downsampler {
  private sum = 0;
  private count = 0;
  private position = 0;

  constructor(
    private readonly fromHz: number,
    private readonly toHz: number,
  ) {}

  push(samples: Float32Array): number[] {
    const out: number[] = [];
    for (const sample of samples) {
      this.sum += sample;
      this.count++;
      this.position += this.toHz;
      while (this.position >= this.fromHz) {
        this.position -= this.fromHz;
        // A rate above the source's repeats the last sample.
        out.push(this.count > 0 ? this.sum / this.count : (out[out.length - 1] ?? sample));
        this.sum = 0;
        this.count = 0;
      }
    }
    return out;
  }
}
