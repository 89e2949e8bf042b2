// SPDX-License-Identifier: Apache-2.0
import type { Severity } from './alertSettings';

/** Tones of a severity, in hertz: the worse, the more of them. */
const TONES: Record<Severity, number[]> = {
  info: [660],
  warning: [660, 880],
  critical: [988, 740, 988, 740],
};
const TONE_S = 0.16;
const LOUDNESS = 0.25;

let context: AudioContext | undefined;

/**
 * A browser is silent until somebody has touched the page. Called where that was just done; later calls find the way open.
 *
 * @returns whether it can be heard
 */
export async function openSound(): Promise<boolean> {
  if (typeof AudioContext === 'undefined') {
    return false;
  }
  context ??= new AudioContext();
  if (context.state === 'suspended') {
    await context.resume();
  }
  return context.state === 'running';
}

/** Whether this page may be heard: somebody has touched it. */
export const isOpen = (): boolean => context?.state === 'running';

export function play(severity: Severity): void {
  if (context?.state !== 'running') {
    return;
  }
  const { destination, currentTime } = context;
  for (const [n, hertz] of TONES[severity].entries()) {
    const from = currentTime + n * TONE_S;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = hertz;
    // Without an end to each it would crack.
    loudness.gain.setValueAtTime(0, from);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01);
    loudness.gain.linearRampToValueAtTime(0, from + TONE_S);
    tone.connect(loudness).connect(destination);
    tone.start(from);
    tone.stop(from + TONE_S);
  }
}
