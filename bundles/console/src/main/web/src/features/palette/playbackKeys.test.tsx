// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, renderHook, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { userWith } from '../../../test/server';
import { useSession } from '../../api/session';
import { actionOf, keysOf, PLAYBACK_ACTIONS, useKeyBindings } from '../playback/keyBindings';
import { usePlaybackKeys } from '../playback/usePlaybackKeys';
import { PlaybackKeys } from './PlaybackKeys';

const signIn = (username: string) =>
  act(() => useSession.setState({ user: { ...userWith('operator'), username } }));

beforeEach(() => {
  useKeyBindings.setState({ byUser: {} });
  signIn('anna');
});

/** Keys of the playback page, and what they have done. */
function keys() {
  const done: string[] = [];
  const note = (what: string) => (value?: number) => {
    done.push(value === undefined ? what : `${what} ${value}`);
  };
  renderHook(() =>
    usePlaybackKeys({
      toggle: note('toggle'),
      faster: note('faster'),
      changeSpeed: note('speed'),
      toChunk: note('chunk'),
      toOldest: note('oldest'),
      toLive: note('live'),
      step: note('step'),
      jump: note('jump'),
      toEvent: note('event'),
      zoom: note('zoom'),
      chooseFrom: note('from'),
      chooseTo: note('to'),
      chooseNone: note('none'),
      zoomChosen: note('all of it'),
      bookmark: note('bookmark'),
      exportFootage: note('export'),
      listRecordings: note('recordings'),
      goTo: note('go to'),
    }),
  );
  const press = (key: string, shiftKey = false, on: Element = document.body) => {
    done.length = 0;
    fireEvent.keyDown(on, { key, shiftKey });
    return done[0];
  };
  return press;
}

describe('keys of playback', () => {
  it('are changed by a click and the new key, for one user, and kept', async () => {
    const press = keys();
    renderPage(<PlaybackKeys />);
    expect(press('n')).toBeUndefined();
    await userEvent.click(screen.getByTestId('key-of-eventAfter'));
    expect(screen.getByTestId('key-of-eventAfter').textContent).toContain('Press');
    // It is not done at once: the key is asked for.
    expect(press('n')).toBeUndefined();
    expect(press('n')).toBe('event 1');
    expect(press('ArrowUp')).toBeUndefined();
    expect(screen.getByTestId('key-of-eventAfter').textContent).toBe('N');
    expect(JSON.parse(localStorage.getItem('nxvms.keys') ?? '{}').state.byUser.anna).toEqual({
      eventAfter: 'n',
    });
    signIn('ben');
    expect(press('n')).toBeUndefined();
    expect(press('ArrowUp')).toBe('event 1');
    signIn('anna');
    await userEvent.click(screen.getByTestId('keys-usual'));
    expect(press('ArrowUp')).toBe('event 1');
  });

  it('do one thing each: what is given to one is taken from the other', async () => {
    const press = keys();
    renderPage(<PlaybackKeys />);
    await userEvent.click(screen.getByTestId('key-of-forwards'));
    press('k');
    expect(press('k')).toBe('faster 1');
    expect(press(' ')).toBe('toggle');
    await userEvent.click(screen.getByTestId('key-of-backwards'));
    press('k');
    expect(press('k')).toBe('faster -1');
    expect(press('l')).toBe('faster 1');
  });

  it('stay as they are when Esc is pressed, or a key that means something else everywhere', async () => {
    renderPage(<PlaybackKeys />);
    await userEvent.click(screen.getByTestId('key-of-goTo'));
    fireEvent.keyDown(document.body, { key: '?' });
    expect(screen.getByTestId('key-of-goTo').textContent).toContain('Press');
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(screen.getByTestId('key-of-goTo').textContent).toBe('G');
    expect(useKeyBindings.getState().byUser).toEqual({});
  });

  it('with Shift are others where they have no letter, and else the same', async () => {
    const press = keys();
    expect(press('ArrowRight')).toBe('jump 10000');
    expect(press('ArrowRight', true)).toBe('chunk 1');
    expect(press('K', true)).toBe('toggle');
    expect(press('ArrowUp', true)).toBe('event 1');
    renderPage(<PlaybackKeys />);
    expect(screen.getByTestId('key-of-chunkAfter').textContent).toBe('Shift + →');
    await userEvent.click(screen.getByTestId('key-of-chunkAfter'));
    press('ArrowDown', true);
    expect(screen.getByTestId('key-of-chunkAfter').textContent).toBe('Shift + ↓');
    expect(press('ArrowDown', true)).toBe('chunk 1');
    expect(press('ArrowDown')).toBe('event -1');
    expect(press('ArrowRight', true), 'as without').toBe('jump 10000');
    await userEvent.click(screen.getByTestId('key-of-live'));
    press('q');
    expect(press('q')).toBe('live');
    expect(press('End')).toBeUndefined();
  });

  it('work wherever the focus is, but where text is typed', () => {
    const press = keys();
    renderPage(
      <>
        <button type="button">Button</button>
        <input type="radio" aria-label="Speed" />
        <input aria-label="Text" />
      </>,
    );
    const done = (element: HTMLElement) =>
      ['Home', 'End', 'ArrowLeft'].map((key) => press(key, key.startsWith('Arrow'), element));
    expect(done(screen.getByText('Button'))).toEqual(['oldest', 'live', 'chunk -1']);
    expect(done(screen.getByLabelText('Speed'))).toEqual(['oldest', 'live', 'chunk -1']);
    expect(done(screen.getByLabelText('Text'))).toEqual([undefined, undefined, undefined]);
    expect(press('ArrowLeft', false, screen.getByLabelText('Speed')), 'another speed').toBeUndefined();
  });

  it('have each an action of their own from the beginning', () => {
    const all = PLAYBACK_ACTIONS.flatMap((action) => keysOf(action, {}));
    expect(new Set(all).size).toBe(all.length);
    for (const action of PLAYBACK_ACTIONS) {
      expect(keysOf(action, {}).map((key) => actionOf(key, {}))).toEqual(
        keysOf(action, {}).map(() => action),
      );
    }
  });

  it('that were kept wrongly are the usual ones', async () => {
    const byUser = { anna: { jumpBack: 'q', nonsense: 'x', goTo: 7, export: 'Tab' }, ben: null };
    localStorage.setItem('nxvms.keys', JSON.stringify({ version: 1, state: { byUser } }));
    await act(async () => useKeyBindings.persist.rehydrate());
    expect(useKeyBindings.getState().byUser).toEqual({ anna: { jumpBack: 'q' }, ben: {} });
  });
});
