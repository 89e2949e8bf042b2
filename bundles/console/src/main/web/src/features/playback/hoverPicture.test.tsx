// SPDX-License-Identifier: Apache-2.0
import { act, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { HoverPicture, thumbnailUrl } from './HoverPicture';

/** Loads when the test says so. */
class Loads {
  readonly asked: string[] = [];
  private done: ((there: boolean) => void)[] = [];

  readonly load = (src: string) =>
    new Promise<boolean>((resolve) => {
      this.asked.push(src);
      this.done.push(resolve);
    });

  async end(there: boolean) {
    await act(async () => this.done.shift()?.(there));
  }
}

describe('the picture under the pointer', () => {
  it('is asked for one at a time, the newest next, and stays until the next one is there', async () => {
    const loads = new Loads();
    const page = render(<HoverPicture cameraId="a" utcMs={10_400} load={loads.load} />);
    const move = (utcMs: number) =>
      page.rerender(<HoverPicture cameraId="a" utcMs={utcMs} load={loads.load} />);
    expect(loads.asked).toEqual([thumbnailUrl('a', 10_000)]);
    move(10_900);
    move(12_000);
    move(14_000);
    expect(loads.asked).toHaveLength(1);
    await loads.end(true);
    expect(screen.getByTestId('timeline-picture').getAttribute('src')).toBe(thumbnailUrl('a', 10_000));
    expect(loads.asked).toEqual([thumbnailUrl('a', 10_000), thumbnailUrl('a', 14_000)]);
    await loads.end(false);
    expect(screen.getByTestId('timeline-picture').getAttribute('src')).toBe(thumbnailUrl('a', 10_000));
    move(900_000);
    expect(screen.queryByTestId('timeline-picture')).toBeNull();
    await loads.end(true);
    expect(screen.getByTestId('timeline-picture').getAttribute('src')).toBe(thumbnailUrl('a', 900_000));
  });
});
