// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, problem, STATUS, server, userWith, withServer } from '../../../test/server';
import type { MaskSettings, PrivacyMask, PrivacyMaskOptions } from '../../api/privacyMasks';
import { useSession } from '../../api/session';
import { rectangleOf } from '../../ui/boxes/corners';
import { ControlPage } from './ControlPage';
import { carryOut, type MaskPlan } from './maskDraft';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

const AT = '/api/v1/cameras/a/privacy-masks';
const OPTIONS: PrivacyMaskOptions = {
  masksMax: 2,
  pointsMax: 8,
  rectangleOnly: false,
  kinds: ['color', 'pixelated'],
  anyColor: false,
  colors: ['#000000', '#ffffff'],
  oneColor: false,
  streams: ['main'],
};
const SQUARE: PrivacyMask = {
  token: 'm1',
  points: [
    [0.1, 0.1],
    [0.5, 0.1],
    [0.5, 0.5],
    [0.1, 0.5],
  ],
  kind: 'color',
  color: '#000000',
  on: true,
};
const TRIANGLE: PrivacyMask = {
  ...SQUARE,
  token: 'm2',
  points: [
    [0.6, 0.6],
    [0.9, 0.6],
    [0.7, 0.9],
  ],
};

let items: PrivacyMask[];
let asked: [string, unknown][];
/** How old the newest key picture of the camera is, as it is asked for one after the other. */
let agesMs: number[];

async function open() {
  const status = { ...STATUS, device: { driverVersion: '1', capabilities: ['privacy_masks'] } };
  server.use(
    http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: [camera('a', { status })] })),
    http.get(api(AT), () => HttpResponse.json({ options: OPTIONS, items })),
    http.get(api('/api/v1/cameras/a/snapshot'), () => {
      const takenMs = Date.now() - (agesMs.shift() ?? -60_000);
      const headers = {
        'Content-Type': 'image/jpeg',
        'X-NXvms-Captured': new Date(takenMs).toISOString(),
      };
      return HttpResponse.arrayBuffer(new Uint8Array([0xff, 0xd8]).buffer, { headers });
    }),
  );
  const { client } = renderPage(
    <Routes>
      <Route path="/control/:cameraId" element={<ControlPage />} />
    </Routes>,
    '/control/a',
  );
  await userEvent.click(await screen.findByTestId('control-toggle-privacy-masks'));
  await screen.findByTestId('privacy-masks');
  return { askedAgain: () => client.refetchQueries({ queryKey: ['control', 'a', 'privacy-masks'] }) };
}

/** A camera that does as it is told, and rounds to tenths. */
function obeying() {
  const taken = (token: string, wanted: MaskSettings) => {
    const points = wanted.points.map((point) => point.map((part) => Math.round(part * 10) / 10));
    const mask = { ...wanted, points, token } as PrivacyMask;
    items = [...items.filter((one) => one.token !== token), mask];
    const same = JSON.stringify(points) === JSON.stringify(wanted.points);
    return HttpResponse.json({
      mask,
      differences: same ? [] : [{ field: 'points', wanted: 'what was drawn', got: 'what it made' }],
    });
  };
  server.use(
    http.post(api(AT), async ({ request }) => {
      const wanted = (await request.json()) as MaskSettings;
      asked.push(['added', wanted]);
      return taken('new', wanted);
    }),
    http.patch(api(`${AT}/:token`), async ({ request, params }) => {
      const changes = (await request.json()) as Partial<MaskSettings>;
      asked.push([`changed ${params.token}`, changes]);
      const before = items.find(({ token }) => token === params.token) as PrivacyMask;
      return taken(String(params.token), { ...before, ...changes });
    }),
    http.delete(api(`${AT}/:token`), ({ params }) => {
      asked.push([`removed ${params.token}`, undefined]);
      items = items.filter(({ token }) => token !== params.token);
      return new HttpResponse(null, { status: 204 });
    }),
  );
}

const save = () => userEvent.click(screen.getByTestId('privacy-masks-save'));

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  items = [SQUARE];
  asked = [];
  agesMs = [];
});

describe('privacy masks of a camera', () => {
  it('are moved by the keyboard and switched, and what the camera has made of it is told', async () => {
    obeying();
    await open();
    expect(screen.getByTestId('privacy-masks-unmasked')).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>('privacy-masks-save').disabled).toBe(true);
    fireEvent.keyDown(screen.getByTestId('privacy-mask-a-1'), { key: 'ArrowRight' });
    await userEvent.click(screen.getByTestId('privacy-mask-on-1'));
    await save();
    expect((await screen.findByTestId('privacy-masks-differences')).textContent).toContain(
      'Corners: asked what was drawn, got what it made',
    );
    expect(asked).toEqual([
      [
        'changed m1',
        {
          points: [
            [0.11, 0.1],
            [0.51, 0.1],
            [0.51, 0.5],
            [0.11, 0.5],
          ],
          on: false,
        },
      ],
    ]);
    await waitFor(() =>
      expect(screen.getByTestId<HTMLInputElement>('privacy-mask-on-1').checked).toBe(false),
    );
  });

  it('are added, and others removed, in one go', async () => {
    obeying();
    items = [TRIANGLE];
    await open();
    expect(screen.queryByTestId('privacy-mask-a-1'), 'a triangle is no box').toBeNull();
    await userEvent.click(screen.getByTestId('privacy-mask-add-a'));
    await userEvent.click(screen.getByTestId('privacy-mask-shape-remove-1'));
    await save();
    await waitFor(() => expect(asked.map(([what]) => what)).toEqual(['added', 'removed m2']));
    expect(asked[0]?.[1]).toMatchObject({ kind: 'color', on: true });
    await waitFor(() => expect(items.map(({ token }) => token)).toEqual(['new']));
  });

  it('are no more than the camera has places for, other shapes among them', async () => {
    obeying();
    items = [SQUARE, TRIANGLE];
    await open();
    expect(screen.getByTestId<HTMLButtonElement>('privacy-mask-add-a').disabled).toBe(true);
    const why = screen.getByTestId('privacy-mask-full-a');
    expect(why.textContent).toContain('The camera has place for 2 masks.');
    expect(screen.getByTestId('privacy-mask-add-a').getAttribute('aria-describedby')).toBe(why.id);
    const stage = screen.getByTestId('privacy-mask-stage-a');
    stage.getBoundingClientRect = () => new DOMRect(0, 0, 400, 200);
    fireEvent.pointerDown(stage, { button: 0, clientX: 300, clientY: 20 });
    fireEvent.pointerMove(stage, { clientX: 350, clientY: 60 });
    fireEvent.pointerUp(stage);
    expect(screen.getAllByTestId(/^privacy-mask-row-/)).toHaveLength(2);

    await userEvent.click(screen.getByTestId('privacy-mask-remove-a-1'));
    await userEvent.click(screen.getByTestId('privacy-mask-add-a'));
    await save();
    await waitFor(() =>
      expect(
        asked.map(([what]) => what),
        'room is made first',
      ).toEqual(['removed m1', 'added']),
    );
  });

  it('are too many with those that others add meanwhile', async () => {
    const { askedAgain } = await open();
    await userEvent.click(screen.getByTestId('privacy-mask-add-a'));
    items = [SQUARE, TRIANGLE];
    await act(askedAgain);
    expect((await screen.findByRole('alert')).textContent).toContain('The camera has place for 2 masks.');
    expect(screen.getByTestId<HTMLButtonElement>('privacy-masks-save').disabled).toBe(true);
  });

  it('have the number of their row, and are marked while somebody points at it', async () => {
    items = [TRIANGLE, SQUARE];
    await open();
    const box = screen.getByTestId('privacy-mask-a-1');
    expect(box.textContent).toBe('2');
    expect(box.getAttribute('aria-label')).toBe('Mask 2 over Camera a');
    expect(screen.getByTestId('privacy-mask-remove-a-1').getAttribute('aria-label')).toBe(
      'Remove mask 2 over Camera a',
    );
    const shape = screen.getByTestId('privacy-mask-hatched-a');
    expect(shape.nextElementSibling?.textContent).toBe('1');
    await userEvent.hover(screen.getByTestId('privacy-mask-row-2'));
    expect(box.dataset.marked).toBe('true');
    await userEvent.unhover(screen.getByTestId('privacy-mask-row-2'));
    expect(box.dataset.marked).toBeUndefined();
    act(() => screen.getByTestId('privacy-mask-on-1').focus());
    expect(shape.querySelector('polygon')?.hasAttribute('data-marked')).toBe(true);
  });

  it('are looked at in a picture that was taken after they were saved', async () => {
    const made: string[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      made.push(`blob:${made.length + 1}`);
      return made.at(-1) ?? '';
    });
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
    obeying();
    agesMs = [5_000, -5_000];
    await open();
    const shown = () => screen.getByTestId('privacy-mask-stage-a').querySelector('img')?.getAttribute('src');
    expect(shown()).toContain('/api/v1/cameras/a/snapshot?');
    await userEvent.click(screen.getByTestId('privacy-mask-on-1'));
    expect(agesMs, 'nothing is saved yet').toHaveLength(2);
    await save();
    await waitFor(() => expect(shown(), 'the first is of before').toBe('blob:2'));
    expect(made).toEqual(['blob:1', 'blob:2']);
  });

  it('are offered no colour that the camera does not list, and have none before one is chosen', async () => {
    vi.stubGlobal('EyeDropper', class {});
    await open();
    await userEvent.click(screen.getByTestId('privacy-mask-add-a'));
    const swatches = (row: number) =>
      screen.getByTestId(`privacy-mask-row-${row}`).querySelectorAll('.mantine-ColorSwatch-root');
    expect(swatches(1)).toHaveLength(1);
    expect(swatches(2), 'that would be white').toHaveLength(0);
    expect(screen.getByTestId('privacy-mask-row-1').querySelector('button')).toBeNull();
    vi.unstubAllGlobals();
  });

  it('that are refused stay drawn, with why', async () => {
    server.use(
      http.patch(api(`${AT}/m1`), () => problem(422, 'camera-config', 'The camera took it and did nothing.')),
    );
    await open();
    await userEvent.click(screen.getByTestId('privacy-mask-on-1'));
    await save();
    expect((await screen.findByTestId('privacy-masks-refused')).textContent).toContain(
      'The camera took it and did nothing.',
    );
    expect(screen.getByTestId<HTMLInputElement>('privacy-mask-on-1').checked).toBe(false);
  });

  it('of others, that came while one was drawn, are neither removed nor undone', async () => {
    obeying();
    items = [SQUARE, { ...TRIANGLE, token: 'old' }];
    const { askedAgain } = await open();
    await userEvent.click(screen.getByTestId('privacy-mask-on-1'));
    // Somebody else takes one away, adds another, and gives the one that is drawn another kind.
    items = [{ ...SQUARE, kind: 'pixelated' }, TRIANGLE];
    await act(askedAgain);
    await waitFor(() => expect(screen.getAllByTestId(/^privacy-mask-row-/)).toHaveLength(2));
    await save();
    await waitFor(() => expect(screen.getByTestId('privacy-masks-taken')).toBeTruthy());
    expect(asked).toEqual([['changed m1', { on: false }]]);
    // It is seen by now, and goes when it is taken away.
    await userEvent.click(screen.getByTestId('privacy-mask-shape-remove-1'));
    await save();
    await waitFor(() => expect(asked.at(-1)?.[0]).toBe('removed m2'));
  });

  it('stay drawn while the camera does not answer, which is told', async () => {
    const { askedAgain } = await open();
    await userEvent.click(screen.getByTestId('privacy-mask-on-1'));
    server.use(http.get(api(AT), () => problem(422, 'camera-unreachable', 'The camera is away.')));
    await act(askedAgain);
    expect((await screen.findByTestId('privacy-masks-problem')).textContent).toContain('The camera is away.');
    expect(screen.getByTestId<HTMLInputElement>('privacy-mask-on-1').checked).toBe(false);
  });

  it('hide before others uncover, as far as there is place', async () => {
    const done: string[] = [];
    server.use(
      http.post(api(AT), () => {
        done.push('added');
        return HttpResponse.json({ mask: { ...SQUARE, token: `new-${done.length}` }, differences: [] });
      }),
      http.patch(api(`${AT}/:token`), () => {
        done.push('changed');
        return HttpResponse.json({ mask: SQUARE, differences: [] });
      }),
      http.delete(api(`${AT}/:token`), ({ params }) => {
        done.push(`removed ${params.token}`);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const settings = { points: SQUARE.points, kind: 'color', on: true };
    const plan: MaskPlan = {
      removed: ['a', 'b'],
      changed: [{ token: 'c', changes: { on: false } }],
      added: [
        { key: 'x', settings },
        { key: 'y', settings },
      ],
    };
    await carryOut('a', plan, 1, () => undefined);
    expect(done).toEqual(['added', 'removed a', 'added', 'changed', 'removed b']);
  });

  it('are seen, and not changed, by who may only see the configuration', async () => {
    useSession.setState({ phase: 'active', user: userWith('operator') });
    await open();
    expect(screen.queryByTestId('privacy-masks-save')).toBeNull();
    expect(screen.queryByTestId('privacy-mask-add-a')).toBeNull();
    expect(screen.queryByTestId('privacy-mask-remove-a-1')).toBeNull();
    expect(screen.queryByText(/Arrow keys/)).toBeNull();
    expect(screen.getByTestId<HTMLInputElement>('privacy-mask-on-1').disabled).toBe(true);
    const box = screen.getByTestId<HTMLButtonElement>('privacy-mask-a-1');
    expect([box.style.left, box.textContent, box.disabled]).toEqual(['10%', '1', true]);
    const stage = screen.getByTestId('privacy-mask-stage-a');
    stage.getBoundingClientRect = () => new DOMRect(0, 0, 400, 200);
    fireEvent.pointerDown(stage, { button: 0, clientX: 300, clientY: 20 });
    fireEvent.pointerMove(stage, { clientX: 350, clientY: 60 });
    fireEvent.pointerUp(stage);
    expect(screen.queryByTestId('privacy-mask-a-2')).toBeNull();
  });

  it('are rectangles from whichever corner they are told', () => {
    const [one, two, three, four] = SQUARE.points as [
      [number, number],
      [number, number],
      [number, number],
      [number, number],
    ];
    const rect = { x: 0.1, y: 0.1, width: 0.4, height: 0.4 };
    expect(rectangleOf([three, two, one, four])).toEqual(rect);
    expect(rectangleOf(TRIANGLE.points)).toBeUndefined();
    expect(rectangleOf([one, two, three, [0.2, 0.5]])).toBeUndefined();
  });
});
