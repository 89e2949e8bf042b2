// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera } from '../../../test/server';
import { SyncClock } from '../../player/together/syncClock';
import { SyncGroup } from '../../player/together/syncGroup';
import { EMPTY_LANE } from '../playback/timelineData';
import { TogetherTile } from './TogetherTile';

vi.mock('./useFollower', () => ({
  useFollower: () => ({ player: undefined, state: { phase: 'buffering', lastPictureAtMs: 0 } }),
}));

let done: string[] = [];
let leave: () => void = () => undefined;

function tile(selected: boolean) {
  const group = new SyncGroup(new SyncClock(0, () => 1_000), () => undefined);
  leave = () => group.clock.run(0);
  renderPage(
    <TogetherTile
      camera={camera('a')}
      stream="main"
      group={group}
      lane={EMPTY_LANE}
      selected={selected}
      onSelect={() => done.push('select')}
      onOpen={() => done.push('open')}
      onPlayer={() => undefined}
    />,
  );
  return screen.getByRole('button');
}

beforeEach(() => {
  done = [];
});

afterEach(() => leave());

describe('a camera among those that are played together', () => {
  it('is chosen by a button that has no words but its name, whatever the tile says meanwhile', () => {
    const button = tile(false);
    expect(button.getAttribute('aria-label')).toContain(camera('a').name);
    expect(button.textContent).toBe('');
    expect(within(button).queryByRole('status')).toBeNull();
    expect(screen.getByLabelText('Loading', { exact: false }), 'it buffers').toBeTruthy();
  });

  it('is selected by Enter and a click, and opened by Enter again and a double click', () => {
    const button = tile(false);
    fireEvent.keyDown(button, { key: 'Enter' });
    fireEvent.click(button);
    fireEvent.doubleClick(button);
    expect(done).toEqual(['select', 'select', 'open']);
  });

  it('is opened by Enter when it is selected', () => {
    fireEvent.keyDown(tile(true), { key: 'Enter' });
    expect(done).toEqual(['open']);
  });
});
