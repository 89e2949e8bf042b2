// SPDX-License-Identifier: Apache-2.0
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { event, STATUS } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { useLiveWish } from '../../player/live/liveWish';
import { ALARM_MS, ALARMS_MAX, useAlarms } from '../alerts/useAlarms';
import { AlarmStrip } from './AlarmStrip';
import { useWall } from './useWall';

// No pictures are played here: by camera, which stream is asked for. Of H.265 this browser shows none.
const asked = vi.hoisted(() => new Map<string, unknown>());
vi.mock('./useLivePlayer', () => ({
  useLivePlayer: (cameraId: string, stream: unknown) => {
    asked.set(cameraId, stream);
    const phase = cameraId === 'hevc' && stream === 'main' ? 'unsupported' : 'live';
    return { player: undefined, state: { phase, lastPictureAtMs: 0 } };
  },
}));

withServer();

const alarms = () => useAlarms.getState();
const shown = () => alarms().alarms.map(({ cameraId }) => cameraId);
const at = (id: string, cameraId: string | undefined, severity = 'critical') =>
  event(id, 1, { cameraId, severity, kind: 'acme.door' });

/** Smaller than a tile of the strip. */
const SMALL = {
  role: 'sub' as const,
  name: 'sub',
  state: 'recording',
  width: 320,
  height: 180,
  bitrateBps: 0,
  framesPerSecond: 0,
};

beforeEach(() => {
  asked.clear();
  useAlarms.setState({ alarms: [] });
  useLiveWish.setState({ smallOnly: false });
  useWall.getState().clear();
  useWall.getState().setGrid('4');
  useWall.getState().put(0, 'yard');
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([
      camera('gate', { name: 'Gate', permissions: ['view_live'] }),
      camera('vault', { name: 'Vault', permissions: [] }),
      camera('shed', { name: 'Shed', permissions: ['view_live'] }),
      camera('dock', { permissions: ['view_live'], status: { ...STATUS, streams: [SMALL] } }),
      camera('hevc', { permissions: ['view_live'] }),
    ]),
    http.get(api('/api/v1/events/kinds'), () =>
      HttpResponse.json({
        items: [{ kind: 'acme.door', form: 'pulse', severity: 'info', title: 'Door opened' }],
      }),
    ),
  );
});

describe('cameras at which something has happened', () => {
  it('are shown beside a wall that stays as it is, marked, until somebody closes them', async () => {
    renderPage(<AlarmStrip />);
    expect(screen.queryByTestId('alarm-strip')).toBeNull();
    const wall = useWall.getState().cells;
    act(() => alarms().add([at('e1', 'gate')]));
    const tile = await screen.findByTestId('alarm-gate');
    expect(tile.dataset.severity).toBe('critical');
    await waitFor(() => expect(tile.getAttribute('aria-label')).toBe('Gate: Door opened'));
    within(tile).getByText(/Door opened/);
    expect(useWall.getState().cells).toBe(wall);

    await userEvent.click(screen.getByTestId('alarm-close-gate'));
    expect(screen.queryByTestId('alarm-strip')).toBeNull();
  });

  it('go to the wall when somebody puts them there', async () => {
    renderPage(<AlarmStrip />);
    act(() => alarms().add([at('e1', 'gate')]));
    await userEvent.click(await screen.findByTestId('alarm-wall-gate'));
    expect(useWall.getState().cells.slice(0, 2)).toContain('gate');
    expect(useWall.getState().cells).toContain('yard');
    expect(screen.queryByTestId('alarm-strip')).toBeNull();
  });

  it('are those that the user may watch, and what is of no camera shows none', async () => {
    renderPage(<AlarmStrip />);
    act(() => alarms().add([at('e3', 'vault'), at('e2', undefined), at('e1', 'gate')]));
    await screen.findByTestId('alarm-gate');
    expect(screen.queryByTestId('alarm-vault')).toBeNull();
    expect(shown()).toEqual(['vault', 'gate']);
  });

  it('are none of long ago, when somebody comes back to the wall', async () => {
    useAlarms.setState({
      alarms: [
        { cameraId: 'gate', event: at('e2', 'gate'), untilMs: Date.now() + ALARM_MS },
        { cameraId: 'shed', event: at('e1', 'shed'), untilMs: Date.now() - 1 },
      ],
    });
    renderPage(<AlarmStrip />);
    await screen.findByTestId('alarm-gate');
    expect([...asked.keys()]).toEqual(['gate']);
    await waitFor(() => expect(shown()).toEqual(['gate']));
  });

  it('take no place of one that is new once their time is over', () => {
    alarms().add(
      ['a', 'b', 'c'].map((id) => at(id, id)),
      0,
    );
    alarms().add([at('d', 'd')], ALARM_MS);
    expect(shown()).toEqual(['d']);
  });

  it('have small streams alone where this browser wants no other', async () => {
    renderPage(<AlarmStrip />);
    act(() => alarms().add([at('e1', 'dock')]));
    await screen.findByTestId('alarm-dock');
    expect(asked.get('dock')).toBe('main');
    act(() => useLiveWish.getState().setSmallOnly(true));
    await waitFor(() => expect(asked.get('dock')).toBe('sub'));
  });

  it('offer another stream where this browser cannot show theirs', async () => {
    renderPage(<AlarmStrip />);
    act(() => alarms().add([at('e1', 'hevc')]));
    await userEvent.click(await screen.findByTestId('tile-other-main~h264'));
    await waitFor(() => expect(asked.get('hevc')).toBe('main~h264'));
    await waitFor(() => expect(screen.queryByTestId('tile-other-main~h264')).toBeNull());
  });

  it('are few, each once with its newest event, and go after their time', () => {
    alarms().add([at('e1', 'a')], 0);
    alarms().add([at('e4', 'c'), at('e3', 'b'), at('e2', 'a')], 1_000);
    expect(shown()).toEqual(['c', 'b', 'a']);
    expect(alarms().alarms[2]?.event.id).toBe('e2');
    alarms().add(
      ['d', 'e', 'f'].map((id) => at(id, id)),
      2_000,
    );
    expect(shown()).toHaveLength(ALARMS_MAX);
    expect(shown()).toEqual(['d', 'e', 'f', 'c']);
    alarms().expire(1_000 + ALARM_MS);
    expect(shown()).toEqual(['d', 'e', 'f']);
    alarms().expire(2_000 + ALARM_MS);
    expect(shown()).toEqual([]);
  });
});
