// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { GridChoice } from './GridChoice';
import { LayoutMenu } from './LayoutMenu';
import { useLayouts } from './useLayouts';
import { useTour } from './useTour';
import { useWall } from './useWall';

const wall = () => useWall.getState();

beforeEach(() => {
  wall().clear();
  wall().setGrid('4');
  useLayouts.setState({ layouts: [], current: null, tourS: null });
});

describe('grids', () => {
  it('with large cells are chosen from a menu', async () => {
    renderPage(<GridChoice />);
    await userEvent.click(screen.getByTestId('wall-mixed'));
    await userEvent.click(await screen.findByTestId('wall-grid-2+8'));
    expect(wall()).toMatchObject({ grid: '2+8', size: 10 });
    await userEvent.click(screen.getByText('9'));
    expect(wall().grid).toBe('9');
  });
});

describe('layouts', () => {
  it('are kept under a name, marked when changed, kept anew and forgotten', async () => {
    renderPage(<LayoutMenu />);
    wall().put(1, 'gate');
    await userEvent.click(screen.getByTestId('layouts'));
    await userEvent.click(await screen.findByTestId('layout-new'));
    const save = await screen.findByTestId('layout-save');
    expect((save as HTMLButtonElement).disabled).toBe(true);
    await userEvent.type(screen.getByTestId('layout-name'), '  Night ');
    await userEvent.click(save);
    await waitFor(() => expect(screen.getByTestId('layouts').dataset.current).toBe('Night'));
    expect(screen.getByTestId('layouts').dataset.changed).toBe('false');

    act(() => wall().put(0, 'yard'));
    expect(screen.getByTestId('layouts').dataset.changed).toBe('true');
    await userEvent.click(screen.getByTestId('layouts'));
    await userEvent.click(await screen.findByTestId('layout-keep'));
    expect(useLayouts.getState().layouts).toEqual([
      { name: 'Night', grid: '4', cells: ['yard', 'gate', null, null] },
    ]);

    await userEvent.click(screen.getByTestId('layouts'));
    await userEvent.click(await screen.findByTestId('layout-forget'));
    expect(useLayouts.getState().layouts).toEqual([]);
    expect(wall().cells.slice(0, 2)).toEqual(['yard', 'gate']);
  });
});

describe('a tour', () => {
  function Touring() {
    useTour();
    return null;
  }

  beforeEach(() => {
    vi.useFakeTimers();
    useLayouts.getState().save('first');
    wall().put(0, 'gate');
    useLayouts.getState().save('second');
  });
  afterEach(() => vi.useRealTimers());

  it('goes from layout to layout, and waits while one camera is looked at', () => {
    renderPage(<Touring />);
    act(() => useLayouts.getState().startTour(10));
    act(() => vi.advanceTimersByTime(9_999));
    expect(useLayouts.getState().current).toBe('second');
    act(() => vi.advanceTimersByTime(1));
    expect(useLayouts.getState().current).toBe('first');
    act(() => vi.advanceTimersByTime(10_000));
    expect(useLayouts.getState().current).toBe('second');

    act(() => wall().maximise('gate'));
    act(() => vi.advanceTimersByTime(60_000));
    expect(useLayouts.getState().current).toBe('second');
    expect(wall().maximised).toBe('gate');

    act(() => wall().maximise(null));
    act(() => vi.advanceTimersByTime(10_000));
    expect(useLayouts.getState().current).toBe('first');
    act(() => useLayouts.getState().endTour());
    act(() => vi.advanceTimersByTime(60_000));
    expect(useLayouts.getState().current).toBe('first');
  });
});
