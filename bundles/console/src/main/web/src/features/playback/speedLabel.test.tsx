// SPDX-License-Identifier: Apache-2.0
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { SpeedLabel } from './SpeedLabel';
import { RATES } from './usePlaying';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What is said while it is played at a speed and another one is reached. */
function said(rate: number, reached: number, engine = rate < 0 ? 'webcodecs' : 'mse-archive') {
  const player = { stats: () => ({ speed: reached, engine }) } as unknown as ArchiveEngine;
  const { unmount } = renderPage(<SpeedLabel player={player} playing rate={rate} />);
  act(() => vi.advanceTimersByTime(1_100));
  const text = screen.getByTestId('speed-reached').textContent;
  unmount();
  return text;
}

describe('the speed that is reached', () => {
  it('is said at each speed and in both directions when it is another one', () => {
    for (const rate of RATES.flatMap((one) => [one, -one])) {
      expect(said(rate, rate), `${rate} as asked`).toBe('');
      expect(said(rate, rate * 0.7), `${rate}, and 30 % less reached`).toMatch(/^reaches −?[\d.]+×$/);
    }
    expect(said(16, 4.6)).toBe('reaches 4.6×');
    expect(said(-8, -6.4)).toBe('reaches −6.4×');
    expect(said(0.25, 0.1)).toBe('reaches 0.1×');
  });

  it('is one of 5 % less by a video, and by single pictures of 15 %', () => {
    expect(said(4, 3.84)).toBe('');
    expect(said(4, 3.76)).not.toBe('');
    expect(said(4, 3.76, 'webcodecs')).toBe('');
    expect(said(4, 3.36, 'webcodecs')).not.toBe('');
  });

  it('is none where it goes the other way for a moment, or stands', () => {
    expect(said(-1, 0.4)).toBe('reaches 0×');
    const { unmount } = renderPage(<SpeedLabel playing={false} rate={2} />);
    act(() => vi.advanceTimersByTime(1_100));
    expect(screen.getByTestId('speed-reached').textContent).toBe('');
    unmount();
  });
});
