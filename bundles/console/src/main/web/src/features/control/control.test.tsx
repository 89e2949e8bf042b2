// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ALL, AT, asRole, device, openControl, there } from '../../../test/control';
import { api, problem, server, withServer } from '../../../test/server';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

beforeEach(() => asRole('administrator'));

describe('control of a camera', () => {
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
    openControl();
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
    openControl();
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
    openControl();
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
    openControl();
    await userEvent.click(await screen.findByTestId('control-toggle-imaging'));
    await userEvent.clear(await screen.findByTestId('imaging-overlay'));
    await userEvent.click(screen.getByTestId('imaging-save'));
    await waitFor(() => expect(sent).toEqual({ values: { overlay: '' } }));
  });

  it('saves a picture of the camera, though it works on what it was asked before', async () => {
    const saved: string[] = [];
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved.push(this.download);
    });
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
    let asked = 0;
    there(device('snapshot'));
    server.use(
      http.get(api(`${AT}/snapshot`), () =>
        ++asked === 1
          ? problem(422, 'camera-busy', 'The camera is still busy with what it was asked before.')
          : HttpResponse.arrayBuffer(new Uint8Array([0xff, 0xd8]).buffer),
      ),
    );
    openControl();
    await userEvent.click(await screen.findByTestId('device-snapshot'));
    await waitFor(() => expect(saved).toHaveLength(1));
    expect(saved[0]).toMatch(/\.jpg$/);
    expect(asked).toBe(2);
    click.mockRestore();
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
    openControl();
    await userEvent.click(await screen.findByTestId('device-reboot'));
    expect(await screen.findByText(/Nothing is recorded of it for a minute/)).toBeTruthy();
    expect(asked).toEqual([]);
    await userEvent.click(screen.getByTestId('reboot-confirm'));
    await waitFor(() => expect(asked).toEqual(['reboot']));
  });

  it('says that the driver is missing, and offers nothing then', async () => {
    there({ ...device(...ALL), driverPresent: false });
    openControl();
    expect((await screen.findByTestId('control-driver-missing')).textContent).toContain('rtsp');
    expect(screen.queryByTestId('control-ptz')).toBeNull();
    expect(screen.queryByTestId('control-device')).toBeNull();
  });

  it('goes by what may be done with this camera, whatever may be done with others', async () => {
    there(device(...ALL), { permissions: ['view_live', 'talk'] });
    openControl();
    await screen.findByTestId('control-talk');
    expect(within(screen.getByTestId('control-io')).queryByRole('switch')).toBeNull();
    for (const missing of ['control-ptz', 'control-imaging', 'device-reboot', 'device-clock']) {
      expect(screen.queryByTestId(missing)).toBeNull();
    }
  });

  it('leaves viewers what they may: to look at ports, card and pictures', async () => {
    asRole('viewer');
    there(device(...ALL));
    openControl();
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
