// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import {
  api,
  camera,
  DRIVER,
  listing,
  problem,
  STATUS,
  server,
  userWith,
  withServer,
} from '../../../test/server';
import { useSession } from '../../api/session';
import { useWall } from '../live/useWall';
import { CamerasPage } from './CamerasPage';

withServer();
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });
beforeEach(() => asRole('administrator'));

const offline = {
  ...STATUS,
  state: 'offline',
  cause: 'camera_unreachable',
  detail: 'Connection refused; next try in 8 s',
};

async function openNew(driver = 'RTSP') {
  renderPage(<CamerasPage />, '/?edit=new');
  // Pasted: each key that is pressed draws the whole form.
  await userEvent.click(await screen.findByTestId('camera-name'));
  await userEvent.paste('Gate');
  await userEvent.click(screen.getByTestId('camera-address'));
  await userEvent.paste('rtsp://192.0.2.9/1');
  await waitFor(() => expect(screen.getByDisplayValue(driver)).toBeTruthy());
}

describe('camera table', () => {
  it("says each camera's state in words, with the cause", async () => {
    server.use(...listing([camera('a'), camera('b', { status: offline })]));
    renderPage(<CamerasPage />);
    const row = within(await screen.findByTestId('camera-row-b'));
    expect(row.getByText('Offline: camera unreachable', { selector: 'span' })).toBeTruthy();
    expect(row.getByText('Connection refused; next try in 8 s')).toBeTruthy();
    expect(
      within(screen.getByTestId('camera-row-a')).getByText('Recording', { selector: 'span' }),
    ).toBeTruthy();
  });

  it('is searched by state, too', async () => {
    server.use(...listing([camera('a'), camera('b', { status: offline })]));
    renderPage(<CamerasPage />);
    await screen.findByTestId('camera-row-a');
    await userEvent.type(screen.getByRole('textbox', { name: 'Filter' }), 'offline');
    await waitFor(() => expect(screen.queryByTestId('camera-row-a')).toBeNull());
    expect(screen.getByTestId('camera-row-b')).toBeTruthy();
  });

  it('keeps 2000 cameras out of the document but for those in view', async () => {
    server.use(...listing(Array.from({ length: 2000 }, (_, n) => camera(`c${n}`))));
    renderPage(<CamerasPage />);
    await screen.findByTestId('camera-row-c0');
    expect(screen.getAllByTestId(/^camera-row-/).length).toBeLessThan(40);
    expect(screen.getByText('2000 cameras')).toBeTruthy();
  });

  it('offers a viewer nothing to change', async () => {
    asRole('viewer');
    server.use(...listing([camera('a')]));
    renderPage(<CamerasPage />, '/?edit=new');
    await screen.findByTestId('camera-row-a');
    expect(screen.queryByTestId('camera-add')).toBeNull();
    expect(screen.queryByTestId('camera-delete-a')).toBeNull();
    expect(screen.queryByTestId('camera-form')).toBeNull();
    expect((screen.getByTestId('camera-enabled-a') as HTMLInputElement).disabled).toBe(true);
  });

  it('switches a camera off with the version it was read with', async () => {
    let seen: unknown;
    server.use(
      ...listing([camera('a')]),
      http.patch(api('/api/v1/cameras/a'), async ({ request }) => {
        seen = { match: request.headers.get('If-Match'), body: await request.json() };
        return HttpResponse.json(camera('a', { enabled: false }));
      }),
    );
    renderPage(<CamerasPage />);
    await userEvent.click(await screen.findByTestId('camera-enabled-a'));
    await waitFor(() => expect(seen).toEqual({ match: '"3"', body: { enabled: false } }));
  });

  it('deletes only after asking', async () => {
    let deleted = false;
    server.use(
      ...listing([camera('a')]),
      http.delete(api('/api/v1/cameras/a'), () => {
        deleted = true;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderPage(<CamerasPage />);
    await userEvent.click(await screen.findByTestId('camera-delete-a'));
    expect(deleted).toBe(false);
    await userEvent.click(await screen.findByTestId('camera-delete-confirm'));
    await waitFor(() => expect(deleted).toBe(true));
  });
});

describe('a row of the camera table', () => {
  const shown = () => useWall.getState().cells.filter(Boolean);
  beforeEach(() => {
    useWall.getState().clear();
    server.use(...listing([camera('a', { name: 'Simulated camera 01', status: offline })]));
  });

  it('shows its camera live by a click', async () => {
    renderPage(<CamerasPage />);
    await userEvent.click(await screen.findByText('Simulated camera 01'));
    await waitFor(() => expect(shown()).toEqual(['a']));
    expect(screen.queryByTestId('camera-form')).toBeNull();
  });

  it('is edited by a double click and by Enter, without going elsewhere', async () => {
    renderPage(<CamerasPage />);
    // Without pauses: a machine that stands still between two clicks makes them two.
    const quick = userEvent.setup({ delay: null });
    await quick.dblClick(await screen.findByText('Simulated camera 01'));
    expect(await screen.findByTestId('camera-form')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('camera-form')).toBeNull());
    screen.getByTestId('camera-row-a').focus();
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByTestId('camera-form')).toBeTruthy();
    expect(shown()).toEqual([]);
  });

  it('says in full what may be cut', async () => {
    renderPage(<CamerasPage />);
    const row = within(await screen.findByTestId('camera-row-a'));
    expect(row.getByTitle('Simulated camera 01')).toBeTruthy();
    expect(row.getByTitle(/Offline: camera unreachable\s+Connection refused/)).toBeTruthy();
  });
});

describe('camera dialog', () => {
  it('shows what a test has found', async () => {
    server.use(
      ...listing([]),
      http.post(api('/api/v1/cameras/probe'), () =>
        HttpResponse.json({
          identity: { manufacturer: 'Example', model: 'X1' },
          streams: [
            {
              role: 'main',
              name: 'm',
              codecs: 'avc1.640028',
              width: 1920,
              height: 1080,
              frameRate: 25,
              hasAudio: true,
              firstKeyFrameMs: 400,
            },
          ],
          durationMs: 900,
        }),
      ),
    );
    await openNew();
    await userEvent.click(screen.getByTestId('camera-test'));
    const result = within(await screen.findByTestId('probe-result'));
    expect(result.getByText('Example X1')).toBeTruthy();
    expect(result.getByText('1920×1080')).toBeTruthy();
  });

  it('puts the problem of a test at the field it is about', async () => {
    server.use(
      ...listing([]),
      http.post(api('/api/v1/cameras/probe'), () =>
        problem(422, 'camera-auth', 'The camera asks for a password'),
      ),
    );
    await openNew();
    await userEvent.click(screen.getByTestId('camera-test'));
    expect((await screen.findByTestId('camera-problem')).textContent).toContain('refuses the credentials');
    expect(screen.getByText('The camera asks for a password').id).toMatch(/error$/);
  });

  it('puts field errors of saving at their inputs and stays open', async () => {
    server.use(
      ...listing([]),
      http.post(api('/api/v1/cameras'), () =>
        problem(422, 'validation', '', [{ field: 'address', detail: 'needs a scheme such as rtsp://' }]),
      ),
    );
    await openNew();
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText('needs a scheme such as rtsp://')).toBeTruthy();
    expect(screen.getByTestId('camera-form')).toBeTruthy();
  });

  it('says a field error once, at its input', async () => {
    server.use(
      ...listing([]),
      http.post(api('/api/v1/cameras'), () =>
        problem(422, 'validation', '"address" names no host', [
          { field: 'address', detail: 'Names no host.' },
        ]),
      ),
    );
    await openNew();
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText('Names no host.')).toBeTruthy();
    expect(screen.queryByTestId('camera-problem')).toBeNull();
  });

  it('knows what is no address before the server is asked, with an example', async () => {
    server.use(...listing([]));
    await openNew();
    const address = screen.getByTestId('camera-address');
    await userEvent.clear(address);
    await userEvent.type(address, 'hello world');
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText(/This is no address, for example rtsp:/)).toBeTruthy();
  });

  const twoDrivers = () =>
    http.get(api('/api/v1/drivers'), () =>
      HttpResponse.json({
        items: [{ ...DRIVER, id: 'onvif', name: 'ONVIF camera', addressSchemes: ['http', 'https'] }, DRIVER],
      }),
    );

  it('has the driver that takes the address, which is asked when the camera is added', async () => {
    const sent: unknown[] = [];
    server.use(
      ...listing([]),
      http.post(api('/api/v1/cameras'), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(camera('a'), { status: 201 });
      }),
    );
    server.use(twoDrivers());
    renderPage(<CamerasPage />, '/?edit=new');
    await waitFor(() => expect(screen.getByDisplayValue('ONVIF camera')).toBeTruthy());
    await userEvent.type(screen.getByTestId('camera-name'), 'Gate');
    await userEvent.click(screen.getByTestId('camera-address'));
    await userEvent.paste('rtsp://192.0.2.9/1');
    expect(screen.getByDisplayValue('RTSP')).toBeTruthy();
    expect(screen.queryByTestId('camera-better-driver')).toBeNull();
    await userEvent.click(screen.getByTestId('camera-save'));
    await waitFor(() =>
      expect(sent).toEqual([expect.objectContaining({ driver: 'rtsp', address: 'rtsp://192.0.2.9/1' })]),
    );
  });

  it('keeps the driver that somebody chose, offers the one that takes the address, and tells of a camera that has it', async () => {
    server.use(...listing([camera('a', { name: 'Gate', address: 'rtsp://192.0.2.9/1' })]));
    server.use(twoDrivers());
    renderPage(<CamerasPage />, '/?edit=new');
    await waitFor(() => expect(screen.getByDisplayValue('ONVIF camera')).toBeTruthy());
    expect(screen.queryByTestId('camera-twin')).toBeNull();
    await userEvent.click(screen.getByTestId('camera-address'));
    await userEvent.paste('rtsp://192.0.2.9/');
    await userEvent.click(screen.getByDisplayValue('RTSP'));
    await userEvent.click(await screen.findByRole('option', { name: 'ONVIF camera', hidden: true }));
    await userEvent.click(screen.getByTestId('camera-address'));
    await userEvent.keyboard('{End}1');
    expect((await screen.findByTestId('camera-twin')).textContent).toContain('Gate');
    expect(screen.getByDisplayValue('ONVIF camera')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Use RTSP' }));
    expect(screen.queryByTestId('camera-better-driver')).toBeNull();
    expect(screen.getByDisplayValue('RTSP')).toBeTruthy();
  });

  it('offers a driver once that is installed in two versions, as the one that serves has it', async () => {
    server.use(...listing([]));
    server.use(
      http.get(api('/api/v1/drivers'), () =>
        HttpResponse.json({
          items: [
            { ...DRIVER, version: '9.0.0', name: 'RTSP, tried', serves: false },
            { ...DRIVER, serves: true },
          ],
        }),
      ),
    );
    await openNew();
    await userEvent.click(screen.getByDisplayValue('RTSP'));
    const offered = (await screen.findAllByRole('option', { hidden: true })).map((each) => each.textContent);
    expect(offered.filter((name) => name?.startsWith('RTSP'))).toEqual(['RTSP']);
  });

  it('tests a stored camera with its stored password, and asks for it when the host is another', async () => {
    const asked: unknown[] = [];
    server.use(
      ...listing([camera('a', { username: 'admin', hasPassword: true })]),
      http.post(api('/api/v1/cameras/probe'), async ({ request }) => {
        asked.push({
          camera: new URL(request.url).searchParams.get('cameraId'),
          body: await request.json(),
        });
        return problem(422, 'validation', '', [{ field: 'password', detail: 'Enter the password again.' }]);
      }),
    );
    renderPage(<CamerasPage />, '/?edit=a');
    await userEvent.click(await screen.findByTestId('camera-test'));
    expect((await screen.findByText('Enter the password again.')).id).toMatch(/error$/);
    expect(asked).toEqual([
      { camera: 'a', body: expect.not.objectContaining({ password: expect.anything() }) },
    ]);
  });

  it('records on events or by a painted week, stream by stream', async () => {
    let sent: { recording?: { schedule?: { spans: unknown[] } } } = {};
    server.use(
      ...listing([]),
      http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
      http.post(api('/api/v1/cameras'), async ({ request }) => {
        sent = (await request.json()) as typeof sent;
        return HttpResponse.json(camera('n'), { status: 201 });
      }),
    );
    await openNew();
    expect(screen.queryByTestId('week-grid')).toBeNull();
    await userEvent.click(screen.getByTestId('camera-main-mode'));
    await userEvent.click(await screen.findByRole('option', { name: 'Schedule' }));
    const monday = await screen.findByRole('button', { name: /^Mon 0–1: On events/ });
    monday.focus();
    await userEvent.keyboard(' ');
    expect(monday.dataset.mode).toBe('continuous');
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
    fireEvent.click(screen.getByTestId('week-day-sun'));
    await userEvent.click(screen.getByTestId('camera-save'));
    await waitFor(() =>
      expect(sent.recording).toMatchObject({ mode: 'scheduled', streams: ['main'], preBufferSeconds: 5 }),
    );
    expect(sent.recording?.schedule?.spans[0]).toEqual({
      days: ['mon', 'tue'],
      from: '00:00',
      to: '01:00',
      mode: 'continuous',
    });
    expect(sent.recording?.schedule?.spans).toContainEqual({
      days: ['sun'],
      from: '00:00',
      to: '24:00',
      mode: 'continuous',
    });
  });

  it('says that somebody else was quicker', async () => {
    server.use(
      ...listing([camera('a')]),
      http.patch(api('/api/v1/cameras/a'), () => problem(412, 'precondition-failed', 'stale')),
    );
    renderPage(<CamerasPage />, '/?edit=a');
    await userEvent.type(await screen.findByTestId('camera-name'), '!');
    await userEvent.click(screen.getByTestId('camera-save'));
    expect((await screen.findByTestId('camera-problem')).textContent).toContain('Somebody else has changed');
  });
});

describe('where and how long a camera is kept', () => {
  const kept = { ...camera('a').recording, volumes: ['main', 'gone'], retentionDaysMin: 3 };
  const sent: unknown[] = [];
  beforeEach(async () => {
    sent.length = 0;
    server.use(
      ...listing([camera('a', { recording: kept })]),
      http.patch(api('/api/v1/cameras/a'), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'recording.volumes', detail: 'no such volume' }])
          : HttpResponse.json(camera('a'));
      }),
    );
    renderPage(<CamerasPage />, '/?edit=a');
    await screen.findByTestId('camera-form');
  });

  it('is a list of volumes in order, changed by keys as well', async () => {
    expect(await screen.findByText('(no volume has this name)')).toBeTruthy();
    await userEvent.click(screen.getByTestId('camera-volumes-add'));
    await userEvent.click(await screen.findByRole('option', { name: 'third' }));
    screen.getByRole('button', { name: 'third: further up' }).focus();
    await userEvent.keyboard('{Enter}');
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText('no such volume')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Take gone out' }));
    await userEvent.click(screen.getByTestId('camera-save'));
    await waitFor(() => expect(screen.queryByTestId('camera-form')).toBeNull());
    expect(sent).toEqual([
      { recording: { volumes: ['main', 'third', 'gone'] } },
      { recording: { volumes: ['main', 'third'] } },
    ]);
  });

  it('keeps the least number of days within the greatest', async () => {
    await userEvent.clear(screen.getByTestId('camera-days-max'));
    await userEvent.type(screen.getByTestId('camera-days-max'), '2');
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText('At most as many as in the other field')).toBeTruthy();
    expect(sent).toEqual([]);
    await userEvent.clear(screen.getByTestId('camera-days-min'));
    await userEvent.type(screen.getByTestId('camera-days-min'), '1');
    await userEvent.click(screen.getByTestId('camera-save'));
    await waitFor(() => expect(sent).toEqual([{ recording: { retentionDaysMin: 1, retentionDaysMax: 2 } }]));
  });
});

describe('settings that a driver describes', () => {
  const described = {
    ...DRIVER,
    id: 'lock',
    name: 'Lock',
    settings: [
      { name: 'key', type: 'secret', title: { en: 'Key', de: 'Schlüssel' }, required: true },
      { name: 'channel', type: 'integer', title: { en: 'Channel' }, min: 1, max: 4, required: false },
      { name: 'loop', type: 'boolean', title: { en: 'Loop' }, defaultValue: 'true', required: false },
      {
        name: 'mode',
        type: 'choice',
        title: { en: 'Mode' },
        choices: [
          { value: 'fast', title: { en: 'Fast' } },
          { value: 'far', title: { en: 'Far' } },
        ],
        defaultValue: 'fast',
        required: false,
      },
    ],
  };
  const sent: unknown[] = [];
  beforeEach(async () => {
    sent.length = 0;
    const stored = camera('a', { driver: 'lock', settings: { channel: '2' }, secretSettings: ['key'] });
    server.use(
      http.get(api('/api/v1/drivers'), () => HttpResponse.json({ items: [described] })),
      ...listing([stored]),
      http.patch(api('/api/v1/cameras/a'), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(422, 'validation', '', [{ field: 'settings.channel', detail: 'It is taken.' }])
          : HttpResponse.json(stored);
      }),
    );
  });

  it('are drawn, changed and refused at their fields', async () => {
    renderPage(<CamerasPage />, '/?edit=a');
    const channel = await screen.findByTestId('setting-channel');
    expect((channel as HTMLInputElement).value).toBe('2');
    expect((screen.getByTestId('setting-key') as HTMLInputElement).placeholder).toBe('unchanged');
    await userEvent.clear(channel);
    await userEvent.type(channel, '3');
    await userEvent.click(screen.getByTestId('setting-loop'));
    await userEvent.click(screen.getByTestId('setting-mode'));
    await userEvent.click(await screen.findByRole('option', { name: 'Far' }));
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText('It is taken.')).toBeTruthy();
    await userEvent.click(screen.getByTestId('setting-mode'));
    await userEvent.click(await screen.findByRole('option', { name: 'Fast' }));
    await userEvent.click(screen.getByTestId('camera-save'));
    await waitFor(() => expect(screen.queryByTestId('camera-form')).toBeNull());
    expect(sent).toEqual([
      { settings: { channel: '3', loop: 'false', mode: 'far' } },
      { settings: { channel: '3', loop: 'false' } },
    ]);
  });

  it('that must be given are asked for before anything is sent', async () => {
    await openNew('Lock');
    await userEvent.click(screen.getByTestId('camera-save'));
    expect(await screen.findByText('This is needed.')).toBeTruthy();
  });
});
