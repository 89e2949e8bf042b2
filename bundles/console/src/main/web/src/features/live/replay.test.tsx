// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera, userWith } from '../../../test/server';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import type { PlayerState } from '../../player/types';
import { Tile } from './Tile';

// Neither pictures nor footage are played here: what the players are told is noted.
const archive = vi.hoisted(() => ({ told: [] as string[], positionMs: 0 }));
const LIVE: PlayerState = { phase: 'live', lastPictureAtMs: 1 };

vi.mock('./useLivePlayer', () => ({ useLivePlayer: () => ({ player: undefined, state: LIVE }) }));
vi.mock('../../ui/download', () => ({
  savePicture: (_blob: Blob, name: string, utcMs: number) => archive.told.push(`save ${name} ${utcMs}`),
}));
vi.mock('../playback/useArchivePlayer', () => {
  const player = {
    position: () => archive.positionMs,
    play: () => archive.told.push('play'),
    snapshot: async () => ({ blob: new Blob(['footage']), utcMs: archive.positionMs }),
    seek: async (utcMs: number) => {
      archive.told.push(`seek ${utcMs}`);
      archive.positionMs = utcMs;
      return utcMs;
    },
  };
  return { useArchivePlayer: () => ({ player, state: { phase: 'playing', lastPictureAtMs: 1 } }) };
});

const NOW = Date.parse('2026-11-25T18:00:00Z');

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('viewer') });
  archive.told = [];
  archive.positionMs = 0;
  vi.spyOn(serverClock, 'now').mockReturnValue(NOW);
});

function shown(): HTMLElement {
  renderPage(
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as the wall has it
    <article tabIndex={0} data-testid="cell">
      <Tile camera={camera('a')} cell={0} maximised={false} />
    </article>,
  );
  return screen.getByTestId('cell');
}

describe('instant replay', () => {
  it('goes ten seconds back in one tile, each time further, and back to the live picture', async () => {
    const cell = shown();
    expect(screen.queryByTestId('tile-replay')).toBeNull();
    fireEvent.keyDown(cell, { key: 'r' });
    await screen.findByTestId('tile-replay');
    await waitFor(() => expect(archive.told).toEqual(['play', `seek ${NOW - 10_000}`]));
    await userEvent.click(screen.getByTestId('tile-replay-0'));
    await waitFor(() => expect(archive.told.at(-1)).toBe(`seek ${NOW - 20_000}`));
    expect(await screen.findByText('20 s ago')).toBeTruthy();
    await userEvent.click(screen.getByTestId('tile-replay-live'));
    expect(screen.queryByTestId('tile-replay')).toBeNull();
  });

  it('saves the picture that is shown, with its time', async () => {
    const cell = shown();
    fireEvent.keyDown(cell, { key: 'r' });
    await screen.findByTestId('tile-replay');
    await waitFor(() => expect(archive.positionMs).toBe(NOW - 10_000));
    fireEvent.keyDown(cell, { key: 's' });
    await waitFor(() => expect(archive.told.at(-1)).toBe(`save Camera a ${NOW - 10_000}`));
  });

  it('ends by a key too', async () => {
    const cell = shown();
    fireEvent.keyDown(cell, { key: 'r' });
    await screen.findByTestId('tile-replay');
    fireEvent.keyDown(cell, { key: 'l' });
    expect(screen.queryByTestId('tile-replay')).toBeNull();
  });
});
