// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, listing, STATUS, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { Camera, CameraStatus } from '../../api/types';
import { HealthPage } from './HealthPage';

withServer();

const stream = (framesPerSecond: number, lastFrame?: string) => ({
  role: 'main' as const,
  name: '1',
  state: 'recording',
  framesPerSecond,
  bitrateBps: framesPerSecond * 100_000,
  lastFrame,
});
const with_ = (id: string, status: Partial<CameraStatus>, extra: Partial<Camera> = {}) =>
  camera(id, { status: { ...STATUS, ...status }, ...extra });

const shown = () => screen.getAllByTestId(/^camera-health-/).map((row) => row.dataset.testid?.slice(14));

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    http.get(api('/api/v1/health'), () =>
      HttpResponse.json({ status: 'up', ready: true, version: '0.1.0', parts: [] }),
    ),
  );
});

function losses(all: Record<string, [gaps: number, seconds: number]>): string[] {
  const asked: string[] = [];
  const items = Object.entries(all).map(([cameraId, [gaps, missingSeconds]]) => ({
    cameraId,
    packetsLost: 0,
    gaps,
    missingSeconds,
  }));
  server.use(
    http.get(api('/api/v1/health/cameras'), ({ request }) => {
      const cursor = new URL(request.url).searchParams.get('cursor') ?? '0';
      asked.push(cursor);
      const from = Number(cursor);
      return HttpResponse.json({
        items: items.slice(from, from + 2),
        ...(from + 2 < items.length ? { nextCursor: String(from + 2) } : {}),
      });
    }),
  );
  return asked;
}

describe('the health of cameras', () => {
  it('shows whom somebody has to look at first, with what is missing, from all pages', async () => {
    server.use(
      ...listing([
        with_('well', { streams: [stream(25, new Date(Date.now() - 1000).toISOString())] }),
        with_('lossy', { streams: [stream(12.5)] }),
        with_('away', { state: 'offline', cause: 'camera_unreachable' }),
      ]),
    );
    const asked = losses({ away: [1, 60], well: [0, 0], lossy: [2, 125] });
    renderPage(<HealthPage />);
    await waitFor(() => expect(screen.getByText('2 min 05 s')).toBeTruthy());
    expect(shown()).toEqual(['away', 'lossy', 'well']);
    expect(asked).toEqual(['0', '2']);
    const away = within(screen.getByTestId('camera-health-away'));
    expect(away.getByText('Offline: camera unreachable', { selector: 'span' })).toBeTruthy();
    expect(away.getByText('1 gap')).toBeTruthy();
    const well = within(screen.getByTestId('camera-health-well'));
    expect(well.getByText('nothing')).toBeTruthy();
    expect(well.getByText('2,500')).toBeTruthy();
    expect(well.getByText(/^\d+ s ago$/)).toBeTruthy();
    expect(well.getByRole('link', { name: 'Playback: Camera well' }).getAttribute('href')).toBe(
      '/playback/well',
    );
  });

  it('is sorted by any column, both ways, and told so', async () => {
    server.use(
      ...listing([
        with_('b', { streams: [stream(10)] }),
        with_('a', { streams: [stream(30)] }),
        with_('c', { streams: [stream(20)] }),
        with_('off', { state: 'disabled' }, { enabled: false }),
      ]),
    );
    losses({ a: [1, 10], b: [1, 30], c: [0, 0] });
    renderPage(<HealthPage />);
    await screen.findByTestId('camera-health-a');
    await userEvent.click(screen.getByTestId('cameras-health-by-rate'));
    expect(shown()).toEqual(['b', 'c', 'a', 'off']);
    await userEvent.click(screen.getByTestId('cameras-health-by-rate'));
    expect(shown()).toEqual(['off', 'a', 'c', 'b']);
    const head = screen.getByTestId('cameras-health-by-rate').closest('[role=columnheader]');
    expect(head?.getAttribute('aria-sort')).toBe('descending');
    await userEvent.click(screen.getByTestId('cameras-health-by-missing'));
    expect(shown().slice(0, 2)).toEqual(['b', 'a']);
  });

  it('finds a camera by its name or its state', async () => {
    server.use(...listing([with_('gate', {}), with_('yard', { state: 'offline' })]));
    losses({});
    renderPage(<HealthPage />);
    await screen.findByTestId('camera-health-gate');
    await userEvent.type(screen.getByTestId('cameras-health-search'), 'offline');
    expect(shown()).toEqual(['yard']);
    await userEvent.clear(screen.getByTestId('cameras-health-search'));
    await userEvent.type(screen.getByTestId('cameras-health-search'), 'cellar');
    expect(screen.getByText('No camera fits.')).toBeTruthy();
  });

  it('keeps few lines of five thousand cameras, and asks for their losses by the page', async () => {
    server.use(...listing(Array.from({ length: 5000 }, (_, i) => with_(`c${i}`, {}))));
    losses({});
    renderPage(<HealthPage />);
    await screen.findByTestId('camera-health-c0');
    expect(shown().length).toBeLessThan(60);
    expect(screen.getByRole('table', { name: 'Cameras' }).getAttribute('aria-rowcount')).toBe('5001');
  });
});
