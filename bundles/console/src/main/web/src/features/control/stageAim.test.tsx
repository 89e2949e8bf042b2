// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, listing, STATUS, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { ControlPage } from './ControlPage';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

const AT = '/api/v1/cameras/a';
const SPACES = ['pan', 'tilt'].map((axis) => ({
  motion: 'continuous',
  axis,
  min: -1,
  max: 1,
  unit: 'fraction',
}));

it('looks at what is touched, and at a box that is drawn, where it can', async () => {
  useSession.setState({ phase: 'active', user: userWith('operator') });
  const said: string[] = [];
  const aims: unknown[] = [];
  const done = (what: string) => () => {
    said.push(what);
    return new HttpResponse(null, { status: 204 });
  };
  server.use(
    ...listing([
      camera('a', { status: { ...STATUS, device: { driverVersion: '1', capabilities: ['ptz'] } } }),
    ]),
    http.get(api(`${AT}/ptz`), () => HttpResponse.json({ spaces: SPACES, position: {}, aim: 'box' })),
    http.post(api(`${AT}/ptz/move`), done('move')),
    http.post(api(`${AT}/ptz/stop`), done('stop')),
    http.post(api(`${AT}/ptz/aim`), async ({ request }) => {
      aims.push(await request.json());
      return new HttpResponse(null, { status: 204 });
    }),
  );
  renderPage(
    <Routes>
      <Route path="/control/:cameraId" element={<ControlPage />} />
    </Routes>,
    '/control/a',
  );
  await screen.findByTestId('ptz-left');
  const stage = screen.getByTestId('control-stage');
  stage.setPointerCapture = () => undefined;
  stage.getBoundingClientRect = () => DOMRect.fromRect({ width: 1000, height: 500 });
  const drag = (from: [number, number], to: [number, number], shiftKey = false) => {
    fireEvent.pointerDown(stage, { button: 0, clientX: from[0], clientY: from[1], shiftKey });
    fireEvent.pointerMove(stage, { clientX: to[0], clientY: to[1], shiftKey });
    fireEvent.pointerUp(stage, { clientX: to[0], clientY: to[1], shiftKey });
  };
  drag([250, 250], [252, 250]);
  await waitFor(() => expect(aims).toEqual([{ x: 0.25, y: 0.5 }]));
  drag([400, 100], [600, 300], true);
  await waitFor(() => expect(aims[1]).toEqual({ x: 0.5, y: 0.4, part: 0.4 }));
  expect(said).toEqual([]);

  // What is pushed is a stick, as before.
  drag([400, 100], [600, 100]);
  await waitFor(() => expect(said).toContain('stop'));
  expect(aims).toHaveLength(2);

  // With Alt the wheel enlarges the picture here, and what is touched then is another place of it.
  fireEvent.wheel(stage, { deltaY: -Math.LN2 / 0.0022, clientX: 0, clientY: 0, altKey: true });
  expect(screen.getByTestId('zoom-scale').textContent).toBe('2.0×');
  drag([500, 250], [500, 250]);
  await waitFor(() => expect(aims[2]).toEqual({ x: 0.25, y: 0.25 }));
  said.length = 0;
  fireEvent.pointerDown(stage, { button: 0, clientX: 500, clientY: 250, altKey: true });
  fireEvent.pointerMove(stage, { clientX: 300, clientY: 250, altKey: true });
  fireEvent.pointerUp(stage, { clientX: 300, clientY: 250, altKey: true });
  expect(said).toEqual([]);
  expect(aims).toHaveLength(3);
});
