// SPDX-License-Identifier: Apache-2.0
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import { ListenButton, useListening } from './ListenButton';

beforeEach(() => useListening.setState({ on: false }));

const player = (told: boolean[], sound?: boolean) =>
  ({ listen: (on: boolean) => told.push(on), stats: () => ({ sound }) }) as unknown as ArchiveEngine;

describe('footage', () => {
  it('is heard when somebody wants it, and of one camera at a time', async () => {
    const [gate, yard]: boolean[][] = [[], []];
    const { unmount } = renderPage(<ListenButton player={player(gate ?? [])} />);
    expect(gate).toEqual([]);
    await userEvent.click(screen.getByTestId('playback-listen'));
    expect(screen.getByTestId('playback-listen').getAttribute('aria-pressed')).toBe('true');
    expect(gate).toEqual([true]);
    unmount();
    renderPage(<ListenButton player={player(yard ?? [])} />);
    expect({ gate, yard }).toEqual({ gate: [true, false], yard: [true] });
    await userEvent.click(screen.getByTestId('playback-listen'));
    expect(yard).toEqual([true, false]);
  });

  it('without sound is said to have none', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      useListening.setState({ on: true });
      renderPage(<ListenButton player={player([], false)} />);
      expect(screen.getByTestId('playback-silent').textContent).toBe('');
      act(() => void vi.advanceTimersByTime(600));
      expect(screen.getByTestId('playback-silent').textContent).toBe('no sound');
    } finally {
      vi.useRealTimers();
    }
  });
});
