// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, problem, STATUS, server, userWith, withServer } from '../../../test/server';
import type { EncoderSettings, VideoEncoder } from '../../api/encoders';
import { useSession } from '../../api/session';
import { ControlPage } from './ControlPage';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

const AT = '/api/v1/cameras/a/encoders';
const HD = { width: 1280, height: 720 };
const SMALL = { width: 640, height: 360 };
const SETTINGS: EncoderSettings = {
  codec: 'h264',
  resolution: HD,
  frameRate: 25,
  bitrateKbps: 4000,
  keyFrameInterval: 50,
  profile: 'High',
};
const MAIN: VideoEncoder = {
  token: 'e1',
  name: 'first',
  streams: ['main'],
  settings: SETTINGS,
  options: [
    {
      codec: 'h264',
      resolutions: [HD, SMALL],
      frameRates: [25, 12.5],
      bitrateKbps: { min: 64, max: 8000 },
      constantBitrate: false,
      keyFrameInterval: { min: 1, max: 250 },
      profiles: ['Main', 'High'],
    },
    {
      codec: 'mjpeg',
      resolutions: [SMALL],
      frameRates: [],
      frameRate: { min: 1, max: 10 },
      constantBitrate: false,
      quality: { min: 0, max: 10 },
      profiles: [],
    },
  ],
};

const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });
let asked: unknown[];
let now: EncoderSettings;

async function open() {
  const status = { ...STATUS, device: { driverVersion: '1', capabilities: ['encoders', 'snapshot'] } };
  server.use(
    http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [camera('a', { status })] })),
    http.get(api(AT), () => HttpResponse.json({ items: [{ ...MAIN, settings: now }] })),
  );
  renderPage(
    <Routes>
      <Route path="/control/:cameraId" element={<ControlPage />} />
    </Routes>,
    '/control/a',
  );
  await screen.findByTestId('control-panel');
}

const unfold = async () => userEvent.click(await screen.findByTestId('control-toggle-encoders'));

/** Of a list that drops down. */
async function choose(field: string, value: string) {
  await userEvent.click(await screen.findByTestId(`encoder-e1-${field}`));
  await userEvent.click(await screen.findByRole('option', { name: value }));
}

async function type(field: string, value: string) {
  const input = await screen.findByTestId(`encoder-e1-${field}`);
  await userEvent.clear(input);
  await userEvent.type(input, value);
}

const save = () => userEvent.click(screen.getByTestId('encoder-save-e1'));

beforeEach(() => {
  asRole('administrator');
  asked = [];
  now = SETTINGS;
});

describe('video encoding of a camera', () => {
  it('is set as asked, and what the camera has made of it is told', async () => {
    server.use(
      http.patch(api(`${AT}/e1`), async ({ request }) => {
        asked.push(await request.json());
        now = { ...now, resolution: SMALL, frameRate: 12.5, bitrateKbps: 2048 };
        const differences = [{ field: 'bitrateKbps', wanted: '3000', got: '2048' }];
        return HttpResponse.json({ settings: now, differences });
      }),
    );
    await open();
    await unfold();
    const form = await screen.findByTestId('encoder-e1');
    expect(within(form).getByText('Main stream')).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>('encoder-save-e1').disabled).toBe(true);
    await choose('resolution', '640x360');
    await choose('frameRate', '12.5');
    await type('bitrateKbps', '3000');
    await save();
    expect((await screen.findByTestId('encoder-differences-e1')).textContent).toContain(
      'Bit rate limit (kbit/s): asked 3000, got 2048',
    );
    expect(asked).toEqual([{ resolution: SMALL, frameRate: 12.5, bitrateKbps: 3000 }]);
    await waitFor(() =>
      expect(screen.getByTestId<HTMLInputElement>('encoder-e1-bitrateKbps').value).toBe('2048'),
    );
  });

  it('says that all was taken', async () => {
    server.use(
      http.patch(api(`${AT}/e1`), async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json({ settings: now, differences: [] });
      }),
    );
    await open();
    await unfold();
    await type('keyFrameInterval', '25');
    await save();
    await screen.findByTestId('encoder-taken-e1');
    expect(asked).toEqual([{ keyFrameInterval: 25 }]);
  });

  it('offers what another codec takes, and nothing of the former one', async () => {
    server.use(
      http.patch(api(`${AT}/e1`), async ({ request }) => {
        asked.push(await request.json());
        return problem(422, 'camera-config', 'The camera refuses it: no JPEG today.');
      }),
    );
    await open();
    await unfold();
    await type('bitrateKbps', '3000');
    await choose('codec', 'Motion JPEG');
    expect(screen.queryByTestId('encoder-e1-bitrateKbps')).toBeNull();
    expect(screen.queryByTestId('encoder-e1-profile')).toBeNull();
    await choose('resolution', '640x360');
    await type('quality', '7.5');
    await save();
    expect((await screen.findByTestId('encoder-refused-e1')).textContent).toContain('no JPEG today');
    expect(asked).toEqual([{ codec: 'mjpeg', resolution: SMALL, quality: 7.5 }]);
  });

  it('names the field that the server refuses', async () => {
    server.use(
      http.patch(api(`${AT}/e1`), () =>
        HttpResponse.json(
          {
            type: '/problems/validation',
            title: 'Some fields cannot work',
            status: 422,
            errors: [{ field: 'bitrateKbps', detail: '"bitrateKbps" must be 64..8000.' }],
          },
          { status: 422, headers: { 'Content-Type': 'application/problem+json' } },
        ),
      ),
    );
    await open();
    await unfold();
    await type('bitrateKbps', '9000');
    await save();
    await screen.findByText('“Bit rate limit (kbit/s)” must be 64..8000.');
    expect(screen.queryByTestId('encoder-refused-e1')).toBeNull();
  });

  it('is not shown to who may only watch', async () => {
    asRole('viewer');
    await open();
    await screen.findByTestId('control-device');
    expect(screen.queryByTestId('control-encoders')).toBeNull();
  });
});
