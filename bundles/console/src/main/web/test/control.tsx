// SPDX-License-Identifier: Apache-2.0
// A camera on the page that controls it. The picture is told elsewhere, for jsdom has no video: who opens the page mocks
// `useLivePlayer`.
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { useSession } from '../src/api/session';
import type { Camera, CameraStatus } from '../src/api/types';
import { ControlPage } from '../src/features/control/ControlPage';
import { renderPage } from './render';
import { api, camera, STATUS, server, userWith } from './server';

export const AT = '/api/v1/cameras/a';

/** All that a device may be able to do. */
export const ALL = [
  'ptz',
  'ptz_presets',
  'ptz_tours',
  'events',
  'imaging',
  'io',
  'snapshot',
  'audio_out',
  'edge_recordings',
  'clock',
  'reboot',
];

export const SPACES = ['pan', 'tilt', 'zoom'].map((axis) => ({
  motion: 'continuous',
  axis,
  min: -1,
  max: 1,
  unit: 'fraction',
}));

export const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });

export const device = (...capabilities: string[]) => ({ device: { driverVersion: '1', capabilities } });

/** There is a camera `a`, and a server that knows what it says. */
export function there(status: Partial<CameraStatus>, extra: Partial<Camera> = {}) {
  server.use(
    http.get(api('/api/v1/cameras'), () =>
      HttpResponse.json({ items: [camera('a', { status: { ...STATUS, ...status }, ...extra })] }),
    ),
    http.get(api(`${AT}/ptz`), () => HttpResponse.json({ spaces: SPACES, position: { pan: 0 } })),
    http.get(api(`${AT}/ptz/turn`), () => HttpResponse.json({ own: false, mayTake: true })),
    http.get(api(`${AT}/ptz/presets`), () =>
      HttpResponse.json({
        items: [
          { token: 'nxvms-home', name: 'Home position', home: true, changeable: true },
          { token: '1', name: 'Gate', home: false, changeable: true },
        ],
      }),
    ),
    http.get(api(`${AT}/ptz/tours`), () =>
      HttpResponse.json({ items: [{ token: 't', name: 'Round', running: true }] }),
    ),
    http.get(api(`${AT}/device/io`), () =>
      HttpResponse.json({
        items: [
          { id: '1', name: 'Door', direction: 'input', on: true },
          { id: '3', name: 'Barrier', direction: 'output', on: false },
        ],
      }),
    ),
    http.get(api(`${AT}/talk`), () =>
      HttpResponse.json({ formats: [{ codec: 'pcmu', sampleRateHz: 8000, channels: 1 }] }),
    ),
  );
}

export function openControl() {
  return renderPage(
    <Routes>
      <Route path="/control/:cameraId" element={<ControlPage />} />
    </Routes>,
    '/control/a',
  );
}
