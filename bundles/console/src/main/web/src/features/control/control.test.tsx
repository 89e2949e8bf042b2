// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, problem, STATUS, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import type { Camera, CameraStatus } from '../../api/types';
import { ControlPage } from './ControlPage';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

const AT = '/api/v1/cameras/a';
const ALL = [
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
const SPACES = ['pan', 'tilt', 'zoom'].map((axis) => ({
  motion: 'continuous',
  axis,
  min: -1,
  max: 1,
  unit: 'fraction',
}));
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });

function there(status: Partial<CameraStatus>, extra: Partial<Camera> = {}) {
  server.use(
    http.get(api('/api/v1/cameras'), () =>
      HttpResponse.json({ items: [camera('a', { status: { ...STATUS, ...status }, ...extra })] }),
    ),
    http.get(api(`${AT}/ptz`), () => HttpResponse.json({ spaces: SPACES, position: { pan: 0 } })),
    http.get(api(`${AT}/ptz/presets`), () => HttpResponse.json({ items: [{ token: '1', name: 'Gate' }] })),
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

const device = (...capabilities: string[]) => ({ device: { driverVersion: '1', capabilities } });

function open() {
  return renderPage(
    <Routes>
      <Route path="/control/:cameraId" element={<ControlPage />} />
    </Routes>,
    '/control/a',
  );
}

beforeEach(() => asRole('administrator'));

describe('control of a camera', () => {
  it('moves while a button or a key is held, and stops when it is let go', async () => {
    const said: string[] = [];
    there(device(...ALL));
    server.use(
      http.post(api(`${AT}/ptz/move`), async ({ request }) => {
        said.push(JSON.stringify(await request.json()));
        return new HttpResponse(null, { status: 204 });
      }),
      http.post(api(`${AT}/ptz/stop`), () => {
        said.push('stop');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    open();
    const left = await screen.findByTestId('ptz-left');
    fireEvent.keyDown(left, { key: 'Enter' });
    // How often a move is said again while it goes on, and a stop behind one that is under way, is the time's affair.
    await waitFor(() => expect(new Set(said)).toEqual(new Set(['{"pan":-0.45,"durationMs":1500}'])));
    fireEvent.keyUp(left, { key: 'Enter' });
    await waitFor(() => expect(said[said.length - 1]).toBe('stop'));
    const stage = screen.getByTestId('control-stage');
    fireEvent.keyDown(stage, { key: 'ArrowUp' });
    await waitFor(() => expect(said[said.length - 1]).toBe('{"tilt":0.5,"durationMs":1500}'));
    fireEvent.blur(stage);
    await waitFor(() => expect(said[said.length - 1]).toBe('stop'));
    expect(screen.queryByTestId('ptz-focusFar')).toBeNull();
  });

  /** What is said to the head, in order; a step is `step`. */
  function head(): string[] {
    const said: string[] = [];
    const done = (what: string) => () => {
      said.push(what);
      return new HttpResponse(null, { status: 204 });
    };
    server.use(
      http.post(api(`${AT}/ptz/move`), done('move')),
      http.post(api(`${AT}/ptz/stop`), done('stop')),
      http.post(api(`${AT}/ptz/relative`), done('step')),
    );
    return said;
  }

  it('stops zooming behind the last notch of the wheel, whatever the camera answers meanwhile', async () => {
    there(device('ptz'));
    const said = head();
    const asked: (() => void)[] = [];
    server.use(
      http.get(api(`${AT}/ptz`), async () => {
        const position = { zoom: asked.length / 10 };
        if (asked.push(() => undefined) > 1) {
          await new Promise<void>((answer) => {
            asked[asked.length - 1] = answer;
          });
        }
        return HttpResponse.json({ spaces: SPACES, position });
      }),
    );
    open();
    await screen.findByTestId('ptz-left');
    const stage = screen.getByTestId('control-stage');
    fireEvent.wheel(stage, { deltaY: -1 });
    await waitFor(() => expect(said[said.length - 1]).toBe('stop'));
    await waitFor(() => expect(asked).toHaveLength(2));
    const before = said.length;
    fireEvent.wheel(stage, { deltaY: -1 });
    asked[1]?.();
    await waitFor(() => {
      const since = said.slice(before);
      expect(since).toContain('move');
      expect(since[since.length - 1]).toBe('stop');
    });
  });

  it('lets a key go that types something else by then', async () => {
    there(device('ptz'));
    const said = head();
    open();
    await screen.findByTestId('ptz-left');
    const stage = screen.getByTestId('control-stage');
    fireEvent.keyDown(stage, { key: '+', code: 'Equal', shiftKey: true });
    await waitFor(() => expect(said).toContain('move'));
    fireEvent.keyUp(stage, { key: '=', code: 'Equal' });
    await waitFor(() => expect(said[said.length - 1]).toBe('stop'));
  });

  it('keeps its buttons when the camera once does not say where it is', async () => {
    there(device('ptz'));
    head();
    let times = 0;
    server.use(
      http.get(api(`${AT}/ptz`), () =>
        times++ === 0
          ? HttpResponse.json({ spaces: SPACES, position: {} })
          : problem(502, 'camera-unreachable', 'It does not answer.'),
      ),
    );
    open();
    const left = await screen.findByTestId('ptz-left');
    fireEvent.keyDown(left, { key: 'Enter' });
    fireEvent.keyUp(left, { key: 'Enter' });
    await screen.findByTestId('ptz-problem');
    expect(screen.getByTestId('ptz-left')).toBeTruthy();
  });

  it('makes one step at a time where there are no speeds, and none by dragging', async () => {
    there(device('ptz'));
    const said = head();
    server.use(
      http.get(api(`${AT}/ptz`), () =>
        HttpResponse.json({ spaces: SPACES.map((one) => ({ ...one, motion: 'relative' })), position: {} }),
      ),
    );
    open();
    const left = await screen.findByTestId('ptz-left');
    const stage = screen.getByTestId('control-stage');
    stage.setPointerCapture = () => undefined;
    fireEvent.pointerDown(stage, { button: 0, clientX: 0, clientY: 0 });
    for (let x = 1; x < 50; x++) {
      fireEvent.pointerMove(stage, { clientX: 10 * x, clientY: 0 });
    }
    fireEvent.pointerUp(stage);
    fireEvent.keyDown(left, { key: 'Enter' });
    fireEvent.keyUp(left, { key: 'Enter' });
    fireEvent.keyDown(left, { key: 'Enter' });
    fireEvent.keyUp(left, { key: 'Enter' });
    await waitFor(() => expect(said).toEqual(['step']));
  });

  it('goes to positions, keeps and forgets them, and ends tours', async () => {
    const asked: string[] = [];
    const done = (what: string) => () => {
      asked.push(what);
      return new HttpResponse(null, { status: 204 });
    };
    there(device('ptz', 'ptz_presets', 'ptz_tours'));
    server.use(
      http.post(api(`${AT}/ptz/presets/1/go`), done('go')),
      http.delete(api(`${AT}/ptz/presets/1`), done('forget')),
      http.post(api(`${AT}/ptz/tours/t/stop`), done('end tour')),
      http.post(api(`${AT}/ptz/presets`), async ({ request }) => {
        asked.push(`keep ${((await request.json()) as { name: string }).name}`);
        return HttpResponse.json({ token: '2', name: 'Yard' }, { status: 201 });
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('preset-go-Gate'));
    await waitFor(() => expect(asked).toEqual(['go']));
    await userEvent.type(screen.getByTestId('preset-name'), 'Yard');
    await userEvent.click(screen.getByTestId('preset-keep'));
    await waitFor(() => expect(asked).toEqual(['go', 'keep Yard']));
    await userEvent.click(await screen.findByRole('button', { name: 'End: Round' }));
    await waitFor(() => expect(asked).toEqual(['go', 'keep Yard', 'end tour']));
    await userEvent.click(screen.getByTestId('preset-forget-Gate'));
    await userEvent.click(await screen.findByTestId('preset-confirm'));
    await waitFor(() => expect(asked[3]).toBe('forget'));
  });

  it('goes to the first nine positions by digits, unless text is typed', async () => {
    there(device(...ALL));
    const gone: string[] = [];
    server.use(
      http.get(api(`${AT}/ptz/presets`), () =>
        HttpResponse.json({
          items: [
            { token: '1', name: 'Gate' },
            { token: 'x', name: 'Yard' },
          ],
        }),
      ),
      http.post(api(`${AT}/ptz/presets/:token/go`), ({ params }) => {
        gone.push(String(params.token));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    open();
    await screen.findByTestId('preset-go-Yard');
    await userEvent.type(screen.getByTestId('preset-name'), '1');
    act(() => screen.getByTestId('control-stage').focus());
    await userEvent.keyboard('297{Control>}1{/Control}1');
    await waitFor(() => expect(gone).toEqual(['x', '1']));
  });

  it('changes the picture; what the camera cannot stands at its field', async () => {
    const sent: unknown[] = [];
    const imaging = (brightness: string) => ({
      settings: [
        {
          name: 'brightness',
          type: 'integer',
          title: { en: 'Brightness' },
          min: 0,
          max: 100,
          required: false,
        },
        { name: 'wdr', type: 'boolean', title: { en: 'Wide dynamic range' }, required: false },
      ],
      values: { brightness, wdr: 'false' },
      actions: [{ name: 'wipe', title: { en: 'Wipe' } }],
    });
    there(device('imaging'));
    server.use(
      http.get(api(`${AT}/imaging`), () => HttpResponse.json(imaging('50'))),
      http.patch(api(`${AT}/imaging`), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'values.brightness', detail: 'It must be 0..100.' }])
          : HttpResponse.json(imaging('70'));
      }),
      http.post(api(`${AT}/imaging/actions/wipe`), () => {
        sent.push('wipe');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('control-toggle-imaging'));
    const brightness = await screen.findByTestId('imaging-brightness');
    await userEvent.clear(brightness);
    await userEvent.type(brightness, '170');
    await userEvent.click(screen.getByTestId('imaging-save'));
    expect(await screen.findByText('It must be 0..100.')).toBeTruthy();
    await userEvent.clear(brightness);
    await userEvent.type(brightness, '70');
    await userEvent.click(screen.getByTestId('imaging-save'));
    await waitFor(() => expect(sent).toHaveLength(2));
    await waitFor(() =>
      expect((screen.getByTestId('imaging-save') as HTMLButtonElement).disabled).toBe(true),
    );
    await userEvent.click(screen.getByTestId('imaging-action-wipe'));
    await waitFor(() =>
      expect(sent).toEqual([{ values: { brightness: '170' } }, { values: { brightness: '70' } }, 'wipe']),
    );
  });

  it('switches outputs, shows inputs, and offers what the card has', async () => {
    let sent: unknown;
    there(device('io', 'edge_recordings'));
    server.use(
      http.post(api(`${AT}/device/io/3`), async ({ request }) => {
        sent = await request.json();
        return new HttpResponse(null, { status: 204 });
      }),
      http.get(api(`${AT}/edge-recordings`), ({ request }) => {
        const from = Number(new URL(request.url).searchParams.get('from'));
        return HttpResponse.json({ items: [{ id: 'rec_1', from: new Date(from - 60_000).toISOString() }] });
      }),
    );
    open();
    expect((await screen.findByTestId('io-1')).textContent).toBe('on');
    server.use(
      http.get(api(`${AT}/device/io`), () => problem(502, 'camera-unreachable', 'It does not answer.')),
    );
    await userEvent.click(screen.getByTestId('io-3'));
    await waitFor(() => expect(sent).toEqual({ on: true }));
    await screen.findByTestId('io-problem');
    expect(screen.getByTestId('io-1')).toBeTruthy();
    await userEvent.click(screen.getByTestId('control-toggle-edge'));
    const file = await screen.findByTestId('edge-fetch-rec_1');
    expect(file.textContent).toContain('1 h');
    expect(screen.queryByTestId('ptz-pad')).toBeNull();
  });

  it('asks whether a file would be sent before the browser saves it, and says why not', async () => {
    const saved: string[] = [];
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved.push(this.getAttribute('href') ?? '');
    });
    const asked: string[] = [];
    let free = false;
    there(device('edge_recordings'));
    server.use(
      http.get(api(`${AT}/edge-recordings`), ({ request }) => {
        const from = Number(new URL(request.url).searchParams.get('from'));
        return HttpResponse.json({ items: [{ id: 'rec_1', from: new Date(from - 60_000).toISOString() }] });
      }),
      http.get(api('/media/v1/edge/a/rec_1'), ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('try') ?? '');
        return free
          ? new HttpResponse(null, { status: 204 })
          : problem(422, 'camera-busy', 'Another one fetches.');
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('control-toggle-edge'));
    await userEvent.click(await screen.findByTestId('edge-fetch-rec_1'));
    expect((await screen.findByTestId('edge-refused-rec_1')).textContent).toContain('Another one fetches.');
    expect(saved).toEqual([]);
    free = true;
    await userEvent.click(screen.getByTestId('edge-fetch-rec_1'));
    await waitFor(() => expect(saved).toHaveLength(1));
    // Of what was asked for, not of all that the recording has.
    expect(saved[0]).toMatch(/^\/media\/v1\/edge\/a\/rec_1\?from=\d+000&to=\d+000$/);
    expect(asked).toEqual(['true', 'true']);
    click.mockRestore();
  });

  it('lets a text of the picture be emptied', async () => {
    let sent: unknown;
    const imaging = (text: string) => ({
      settings: [{ name: 'overlay', type: 'string', title: { en: 'Overlay' }, required: false }],
      values: { overlay: text },
      actions: [],
    });
    there(device('imaging'));
    server.use(
      http.get(api(`${AT}/imaging`), () => HttpResponse.json(imaging('Gate'))),
      http.patch(api(`${AT}/imaging`), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json(imaging(''));
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('control-toggle-imaging'));
    await userEvent.clear(await screen.findByTestId('imaging-overlay'));
    await userEvent.click(screen.getByTestId('imaging-save'));
    await waitFor(() => expect(sent).toEqual({ values: { overlay: '' } }));
  });

  it('asks before the device starts anew', async () => {
    const asked: string[] = [];
    there(device('reboot'));
    server.use(
      http.post(api(`${AT}/device/reboot`), () => {
        asked.push('reboot');
        return new HttpResponse(null, { status: 202 });
      }),
    );
    open();
    await userEvent.click(await screen.findByTestId('device-reboot'));
    expect(await screen.findByText(/Nothing is recorded of it for a minute/)).toBeTruthy();
    expect(asked).toEqual([]);
    await userEvent.click(screen.getByTestId('reboot-confirm'));
    await waitFor(() => expect(asked).toEqual(['reboot']));
  });

  it('says that the driver is missing, and offers nothing then', async () => {
    there({ ...device(...ALL), driverPresent: false });
    open();
    expect((await screen.findByTestId('control-driver-missing')).textContent).toContain('rtsp');
    expect(screen.queryByTestId('control-ptz')).toBeNull();
    expect(screen.queryByTestId('control-device')).toBeNull();
  });

  it('goes by what may be done with this camera, whatever may be done with others', async () => {
    there(device(...ALL), { permissions: ['view_live', 'talk'] });
    open();
    await screen.findByTestId('control-talk');
    expect(within(screen.getByTestId('control-io')).queryByRole('switch')).toBeNull();
    for (const missing of ['control-ptz', 'control-imaging', 'device-reboot', 'device-clock']) {
      expect(screen.queryByTestId(missing)).toBeNull();
    }
  });

  it('leaves viewers what they may: to look at ports, card and pictures', async () => {
    asRole('viewer');
    there(device(...ALL));
    open();
    await screen.findByTestId('device-snapshot');
    expect(within(screen.getByTestId('control-io')).queryByRole('switch')).toBeNull();
    expect(screen.getByTestId('control-edge')).toBeTruthy();
    for (const missing of [
      'control-ptz',
      'control-talk',
      'control-imaging',
      'device-reboot',
      'device-clock',
    ]) {
      expect(screen.queryByTestId(missing)).toBeNull();
    }
  });
});
