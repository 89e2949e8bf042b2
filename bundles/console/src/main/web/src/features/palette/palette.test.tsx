// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { keptLayouts, wallNamed } from '../../../test/layouts';
import { renderPage } from '../../../test/render';
import { camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { useLayouts } from '../live/useLayouts';
import { useWall } from '../live/useWall';
import { PaletteHost } from './PaletteHost';
import { ranked } from './ranking';
import { momentOf } from './useEntries';
import { usePalette } from './usePalette';

withServer();

function Page() {
  const { pathname, search } = useLocation();
  return (
    <>
      <output data-testid="path">{`${pathname}${search}`}</output>
      <input data-testid="field" />
      <PaletteHost />
    </>
  );
}

const path = () => screen.getByTestId('path').textContent;

async function openPalette() {
  await userEvent.keyboard('{Control>}k{/Control}');
  return screen.findByTestId('palette-text');
}

beforeEach(() => {
  usePalette.getState().show(null);
  useWall.getState().clear();
  useWall.getState().setGrid('4');
  useLayouts.setState({ current: null, tour: null });
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...keptLayouts(wallNamed('Night shift', '1+5', ['b'])).handlers,
    ...listing([
      camera('a', { name: 'Gate north' }),
      camera('b', { name: 'Yard' }),
      camera('c', { name: 'Über' }),
    ]),
  );
});

describe('the palette', () => {
  it('shows a camera live that is found by a part of its name', async () => {
    renderPage(<Page />, '/health');
    await userEvent.type(await openPalette(), 'nor');
    await screen.findByTestId('palette-live-a');
    await userEvent.keyboard('{Enter}');
    expect(path()).toBe('/live');
    expect(useWall.getState().cells[0]).toBe('a');
    expect(screen.queryByTestId('palette-text')).toBeNull();
  });

  it('goes through what it has found by arrows, around its ends', async () => {
    renderPage(<Page />);
    await userEvent.type(await openPalette(), 'yard');
    await screen.findByTestId('palette-playback-b');
    const chosen = () => screen.getByRole('option', { selected: true }).dataset.testid;
    expect(chosen()).toBe('palette-live-b');
    await userEvent.keyboard('{ArrowUp}');
    expect(chosen()).toBe('palette-playback-b');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(path()).toBe('/playback/b');
  });

  it('opens a kept layout, and pages the user may see', async () => {
    renderPage(<Page />);
    const text = await openPalette();
    await userEvent.type(text, 'night');
    await screen.findByTestId('palette-layout-id-Night shift');
    await userEvent.keyboard('{Enter}');
    expect(useWall.getState()).toMatchObject({ grid: '1+5' });
    expect(path()).toBe('/live');
    await openPalette();
    const list = within(screen.getByTestId('palette-list'));
    expect(list.getByTestId('palette-/exports')).toBeTruthy();
    expect(list.queryByTestId('palette-/users')).toBeNull();
  });

  it('goes to a typed moment of the camera that is open', async () => {
    renderPage(<Page />, '/playback/b');
    await userEvent.type(await openPalette(), '2026-11-25 14:30:05');
    await screen.findByTestId('palette-moment');
    await userEvent.keyboard('{Enter}');
    const asked = new URLSearchParams(path()?.split('?')[1]).get('t') ?? '';
    expect(path()?.split('?')[0]).toBe('/playback/b');
    expect(Date.parse(asked)).toBe(new Date(2026, 10, 25, 14, 30, 5).getTime());
  });

  it('says when nothing fits', async () => {
    renderPage(<Page />);
    await userEvent.type(await openPalette(), 'zzz');
    expect(await screen.findByText('Nothing fits.')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('palette-text')).toBeNull());
  });

  it('stays away while text is typed', async () => {
    renderPage(<Page />);
    await userEvent.click(screen.getByTestId('field'));
    await userEvent.keyboard('{Control>}k{/Control}?');
    expect(usePalette.getState().shown).toBeNull();
    expect((screen.getByTestId('field') as HTMLInputElement).value).toBe('?');
  });
});

describe('the map of keys', () => {
  it('has words for every key', async () => {
    renderPage(<Page />);
    await userEvent.keyboard('?');
    const map = await screen.findByTestId('key-map');
    expect(map.textContent).not.toContain('keyMap.');
    expect(within(map).getByText('Maximise the cell, or back to the wall')).toBeTruthy();
    expect(within(map).getByText('Page up')).toBeTruthy();
  });
});

describe('a typed moment', () => {
  const NOW = new Date(2026, 10, 27, 9, 0, 0).getTime();

  it('may be a time of today, a day or both', () => {
    expect(momentOf('14:30', NOW)).toBe(new Date(2026, 10, 27, 14, 30).getTime());
    expect(momentOf(' 2026-11-25 ', NOW)).toBe(new Date(2026, 10, 25).getTime());
    expect(momentOf('2026-11-25 08:15', NOW)).toBe(new Date(2026, 10, 25, 8, 15).getTime());
    expect(momentOf('25:00', NOW)).toBeUndefined();
    expect(momentOf('gate', NOW)).toBeUndefined();
  });
});

describe('what is found', () => {
  const entries = ['Backyard', 'Yard', 'Gate yard', 'Über'].map((label) => ({ label, group: 'Live' }));
  const labels = (text: string) => ranked(entries, text, 9).map(({ label }) => label);

  it('are names that begin so, then words that begin so, then the rest', () => {
    expect(labels('yard')).toEqual(['Yard', 'Gate yard', 'Backyard']);
  });

  it('has all the words, in any order and without accents', () => {
    expect(labels('yard ga')).toEqual(['Gate yard']);
    expect(labels('uber')).toEqual(['Über']);
    expect(labels('live gate')).toEqual(['Gate yard']);
    expect(labels('')).toHaveLength(4);
    expect(ranked(entries, '', 2)).toHaveLength(2);
  });
});
