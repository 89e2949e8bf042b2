// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera, STATUS, userWith } from '../../../test/server';
import { useSession } from '../../api/session';
import { useLiveWish } from '../../player/live/liveWish';
import { noteBlocked, noteOpen } from '../../player/live/ways';
import type { PlayerPhase, PlayerState } from '../../player/types';
import { LiveLamp } from './LiveLamp';
import { LiveMenu } from './LiveMenu';
import { Tile } from './Tile';
import { TileNotice } from './TileNotice';
import { useSound } from './useSound';

// No pictures are played here: what the players are asked for is noted.
const asked = vi.hoisted(() => new Map<string, { stream?: string; listening?: boolean }>());
const shown = vi.hoisted(() => ({ phase: 'live' }));

vi.mock('./useLivePlayer', () => ({
  useLivePlayer: (cameraId: string, stream: string | undefined, _host: unknown, listening: boolean) => {
    asked.set(cameraId, { stream, listening });
    return { player: undefined, state: { phase: shown.phase, lastPictureAtMs: 0 } };
  },
}));

const stream = (role: 'main' | 'sub', width: number, height: number) => ({
  role,
  name: role,
  state: 'recording',
  width,
  height,
  bitrateBps: 0,
  framesPerSecond: 0,
});
const both = (id: string, smallWidth = 1280) =>
  camera(id, {
    permissions: ['view_live', 'listen'],
    status: {
      ...STATUS,
      streams: [stream('main', 1920, 1080), stream('sub', smallWidth, (smallWidth * 9) / 16)],
    },
  });

beforeEach(() => {
  asked.clear();
  shown.phase = 'live';
  useSound.setState({ cameraId: null });
  useLiveWish.setState({ way: 'auto', smallOnly: false, unseen: false });
  noteOpen('webrtc');
  useSession.setState({ user: userWith('operator') });
});

describe('a tile', () => {
  it('asks for the stream that has its pixels, and only for the small one where the device is to be spared', async () => {
    // The test's screen gives every element 1000 by 600 pixels.
    renderPage(
      <>
        <Tile camera={both('a')} cell={0} maximised={false} />
        <Tile camera={both('b', 640)} cell={1} maximised={false} />
        <Tile camera={both('c')} cell={2} maximised />
      </>,
    );
    await waitFor(() => expect(asked.get('a')?.stream).toBe('sub'));
    expect(asked.get('b')?.stream).toBe('main');
    expect(asked.get('c')?.stream).toBe('main');
    act(() => useLiveWish.getState().setSmallOnly(true));
    await waitFor(() => expect(asked.get('b')?.stream).toBe('sub'));
    expect(asked.get('c')?.stream).toBe('main');
  });

  it('is to be heard alone, when somebody asks for it, and no longer than it is shown', async () => {
    const { unmount } = renderPage(
      <>
        <Tile camera={both('a')} cell={0} maximised={false} />
        <Tile camera={both('b')} cell={1} maximised={false} />
      </>,
    );
    expect(asked.get('a')?.listening).toBe(false);
    await userEvent.click(screen.getByTestId('tile-sound-0'));
    expect([asked.get('a')?.listening, asked.get('b')?.listening]).toEqual([true, false]);
    await userEvent.click(screen.getByTestId('tile-sound-1'));
    expect([asked.get('a')?.listening, asked.get('b')?.listening]).toEqual([false, true]);
    expect(screen.getByTestId('tile-sound-1').getAttribute('aria-pressed')).toBe('true');
    unmount();
    expect(useSound.getState().cameraId).toBeNull();
  });

  it('has no sound for who may not listen', () => {
    renderPage(
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as the wall has it
      <article tabIndex={0} data-testid="cell">
        <Tile camera={{ ...both('a'), permissions: ['view_live'] }} cell={0} maximised={false} />
      </article>,
    );
    expect(screen.queryByTestId('tile-sound-0')).toBeNull();
    fireEvent.keyDown(screen.getByTestId('cell'), { key: 'm' });
    expect(useSound.getState().cameraId).toBeNull();
  });

  it('offers other streams in place of one that the browser cannot show', async () => {
    shown.phase = 'unsupported';
    renderPage(<Tile camera={both('a', 640)} cell={0} maximised={false} />);
    await waitFor(() => expect(asked.get('a')?.stream).toBe('main'));
    await userEvent.click(screen.getByTestId('tile-other-main~h264'));
    expect(asked.get('a')?.stream).toBe('main~h264');
    await userEvent.click(screen.getByTestId('tile-other-sub'));
    expect(asked.get('a')?.stream).toBe('sub');
  });
});

describe('what a tile says', () => {
  const SAID: PlayerPhase[] = [
    'connecting',
    'stalled',
    'offline',
    'forbidden',
    'missing',
    'unsupported',
    'no-way',
  ];

  it('is another thing in each state', () => {
    const texts = SAID.map((phase) => {
      const state: PlayerState = { phase, lastPictureAtMs: 0 };
      const { container, unmount } = renderPage(<TileNotice camera={both('a')} state={state} />);
      const text = container.querySelector('[role=status]')?.textContent ?? '';
      unmount();
      return text;
    });
    expect(texts.every((text) => text.length > 3)).toBe(true);
    expect(new Set(texts).size).toBe(SAID.length);
  });

  it('is what is wrong with the way that was asked for', () => {
    const state: PlayerState = {
      phase: 'no-way',
      lastPictureAtMs: 0,
      blocked: { way: 'webrtc', why: 'network' },
    };
    renderPage(<TileNotice camera={both('a')} state={state} />);
    expect(screen.getByRole('status').textContent).toContain(
      'Not by WebRTC: the network does not let it through',
    );
  });
});

describe('the lamp', () => {
  const player = (latencyMs: number, phase: PlayerPhase = 'live') => ({
    state: (): PlayerState => ({ phase, lastPictureAtMs: Date.now() }),
    stats: () => ({ latencyMs }) as never,
  });

  it('is lit only while the picture is one of the last two seconds', async () => {
    const { unmount } = renderPage(<LiveLamp player={player(300)} />);
    expect((await screen.findByTestId('live-lamp')).dataset.lit).toBe('true');
    unmount();
    renderPage(<LiveLamp player={player(65_000)} />);
    const late = await screen.findByTestId('live-lamp');
    expect(late.dataset.lit).toBeUndefined();
    expect(late.textContent).toContain('ago');
  });

  it('is not there where nothing is live', () => {
    renderPage(<LiveLamp player={player(0, 'stalled')} />);
    expect(screen.queryByTestId('live-lamp')).toBeNull();
  });
});

describe('the way of this device', () => {
  it('is chosen in a menu that says what is closed, and kept', async () => {
    noteBlocked({ way: 'webrtc', why: 'network' });
    renderPage(<LiveMenu />);
    await userEvent.click(screen.getByTestId('live-settings'));
    expect((await screen.findByTestId('way-blocked-webrtc')).textContent).toContain('the network');
    expect(screen.getByTestId('way-auto').getAttribute('aria-checked')).toBe('true');
    await userEvent.click(screen.getByTestId('way-ws'));
    expect(useLiveWish.getState().way).toBe('ws');
    expect(JSON.parse(localStorage.getItem('nxvms.live') ?? '{}').state).toMatchObject({ way: 'ws' });
    await userEvent.click(screen.getByTestId('live-unseen'));
    expect(useLiveWish.getState().unseen).toBe(true);
  });

  it('is the soonest when what was kept is none', async () => {
    localStorage.setItem(
      'nxvms.live',
      JSON.stringify({ version: 1, state: { way: 'pigeon', smallOnly: 1 } }),
    );
    await useLiveWish.persist.rehydrate();
    expect(useLiveWish.getState()).toMatchObject({ way: 'auto', smallOnly: false });
  });
});
