// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { camera, STATUS, VOLUME } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { Camera, RecordingMode } from '../../api/types';
import { setLanguage } from '../../i18n';
import { VolumesPage } from './VolumesPage';

withServer();
const GB = 1e9;
/** Bits a second of 10 GB a day. */
const BPS = (10 * GB * 8) / 86_400;

function sends(id: string, name: string, mode: RecordingMode = 'continuous', bitrateBps = BPS): Camera {
  const plain = camera(id, { name });
  return {
    ...plain,
    recording: { ...plain.recording, mode, streams: ['main'], retentionDaysMin: 0, retentionDaysMax: 30 },
    status: {
      ...STATUS,
      streams: [{ role: 'main', name: 'main', state: 'recording', bitrateBps, framesPerSecond: 25 }],
    },
  };
}

const MAIN = { ...VOLUME, footageBytes: 100 * GB, usableBytes: 100 * GB, reserveBytes: 0 };
let cameras: Camera[];
let asked: URLSearchParams[];

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  cameras = [sends('gate', 'Gate')];
  asked = [];
  server.use(
    http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: cameras })),
    http.get(api('/api/v1/storage/volumes'), () =>
      HttpResponse.json({ items: [MAIN, { ...MAIN, id: 'v2', name: 'nas', status: 'absent' }] }),
    ),
    http.get(api('/api/v1/timeline'), ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const [from = 0, to = 0] = ['from', 'to'].map((name) => Number(query.get(name)));
      const lane = { gaps: [], spans: [[from, from + (to - from) / 2]], first: 0, last: to };
      return HttpResponse.json({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        bucketMs: 1,
        cameras: (query.get('cameras') ?? '').split(',').map((cameraId) => ({ cameraId, ...lane })),
        bookmarks: [],
        bookmarksLeftOut: false,
      });
    }),
  );
});

async function openOutlook() {
  const button = await screen.findByTestId('outlook-open');
  await waitFor(() => expect(button).toHaveProperty('disabled', false));
  await userEvent.click(button);
  return screen.findByTestId('outlook');
}

const reachOf = (volume: string) => screen.getByTestId(`outlook-volume-${volume}`).textContent;

describe('how long footage lasts', () => {
  it('is asked for with numbers as they are written in the language of the console', async () => {
    await setLanguage('de');
    renderPage(<VolumesPage />);
    await openOutlook();
    const room = screen.getByTestId('outlook-room');
    await userEvent.type(room, '0,5');
    expect(room).toHaveProperty('value', '0,5 GiB');
    expect(screen.getByTestId('outlook-rate')).toHaveProperty('value', '0,9 Mbit/s');
    expect((await screen.findByTestId('outlook-volume-new')).textContent).toContain('512,0 MiB');
    await setLanguage('en');
  });

  it('stands at each volume', async () => {
    renderPage(<VolumesPage />);
    const main = within(await screen.findByTestId('volume-main'));
    await main.findByText('20 days');
    expect(main.getByText('9.3 GiB')).toBeTruthy();
    expect(main.getByText(/of the cameras you see/)).toBeTruthy();
    expect(within(screen.getByTestId('volume-nas')).queryByText('Reaches back')).toBeNull();
    expect(asked).toEqual([]);
  });

  it('is tried with other days, more cameras and more room, and nothing is changed', async () => {
    renderPage(<VolumesPage />);
    await openOutlook();
    expect(reachOf('main')).toContain('20 days');
    expect(screen.getByTestId('outlook-verdict').dataset.short).toBe('1');
    expect(screen.getByTestId('outlook-verdict').textContent).toMatch(/needed on: main: 93\.1 GiB$/);
    expect(screen.getByTestId('outlook-camera-gate').textContent).toBe('Gate: 20 days instead of 30 days');
    expect(screen.getByTestId('outlook-left-out').textContent).toContain('nas');

    await userEvent.type(screen.getByTestId('outlook-days'), '14');
    expect(screen.getByTestId('outlook-verdict').dataset.short).toBe('0');
    expect(reachOf('main')).toContain('as long as wanted');
    expect(reachOf('main')).toContain('now: 20 days');
    expect(screen.queryByTestId('outlook-early')).toBeNull();

    await userEvent.clear(screen.getByTestId('outlook-days'));
    await userEvent.type(screen.getByTestId('outlook-cameras'), '3');
    expect(reachOf('main')).toContain('5.1 days');
    await userEvent.type(screen.getByTestId('outlook-room'), '1000');
    expect(reachOf('new')).toContain('as long as wanted');
    expect(reachOf('main')).toContain('10 days');
  });

  it('takes no more than there can be, while it is typed too', async () => {
    renderPage(<VolumesPage />);
    await openOutlook();
    await userEvent.type(screen.getByTestId('outlook-cameras'), '99999999');
    expect(screen.getByTestId('outlook-verdict').dataset.short).toBe('1001');
    await userEvent.clear(screen.getByTestId('outlook-cameras'));
    expect(reachOf('main')).toContain('20 days');
  });

  it('counts what is not recorded all of the time by the last week', async () => {
    cameras = [sends('gate', 'Gate', 'event')];
    renderPage(<VolumesPage />);
    const main = within(await screen.findByTestId('volume-main'));
    await main.findByText('as long as wanted');
    expect(main.getByText('4.7 GiB')).toBeTruthy();
    expect(asked.map((query) => [query.get('cameras'), query.get('stream')])).toEqual([['gate', 'main']]);
    await openOutlook();
    const rate = screen.getByTestId('outlook-rate') as HTMLInputElement;
    expect(rate.value, 'cameras in addition are recorded all of the time').toBe('0.9 Mbit/s');
    expect(screen.queryByTestId('outlook-guessed')).toBeNull();
  });

  it('says so where nothing is recorded at all, rather than how much is missing', async () => {
    server.use(
      http.get(api('/api/v1/storage/volumes'), () =>
        HttpResponse.json({
          items: [
            { ...MAIN, status: 'absent' },
            { ...MAIN, id: 'v2', name: 'safe', role: 'backup' },
          ],
        }),
      ),
    );
    renderPage(<VolumesPage />);
    await openOutlook();
    expect(screen.getByTestId('outlook-verdict').textContent).toBe('No volume takes footage.');
  });

  it('stays open with what was typed while other cameras are asked for', async () => {
    cameras = [sends('gate', 'Gate', 'event')];
    const { client } = renderPage(<VolumesPage />);
    await openOutlook();
    await userEvent.type(screen.getByTestId('outlook-days'), '14');
    let answer = () => {};
    const held = new Promise<void>((done) => {
      answer = done;
    });
    let isAsked = false;
    server.use(
      http.get(api('/api/v1/timeline'), async () => {
        isAsked = true;
        await held;
        return problem(403, 'forbidden', '');
      }),
    );
    cameras = [...cameras, sends('yard', 'Yard', 'event')];
    await client.invalidateQueries({ queryKey: ['cameras'] });
    await waitFor(() => expect(isAsked).toBe(true));
    expect((screen.getByTestId('outlook-days') as HTMLInputElement).value).toBe('14');
    answer();
    await screen.findByTestId('outlook-guessed');
    expect((screen.getByTestId('outlook-days') as HTMLInputElement).value).toBe('14');
  });

  it('says of which cameras not everything is known', async () => {
    server.use(http.get(api('/api/v1/timeline'), () => problem(403, 'forbidden', '')));
    cameras = [sends('gate', 'Gate'), sends('yard', 'Yard', 'continuous', 0), sends('hall', 'Hall', 'event')];
    renderPage(<VolumesPage />);
    await openOutlook();
    expect(screen.getByTestId('outlook-guessed').textContent).toMatch(/: Yard, Hall$/);
    expect(reachOf('main')).toContain('6.6 days');
  });

  it('is not told to those who manage no volumes, and may see only some cameras', async () => {
    useSession.setState({ phase: 'active', user: userWith('operator') });
    renderPage(<VolumesPage />);
    const main = within(await screen.findByTestId('volume-main'));
    expect(main.queryByText('Reaches back')).toBeNull();
    expect(screen.queryByTestId('outlook-open')).toBeNull();
  });
});
