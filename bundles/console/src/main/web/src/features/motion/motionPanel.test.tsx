// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, problem, server, withServer } from '../../../test/server';
import type { FoundMotion, MotionOrder, MotionSearch } from '../../api/motion';
import { MotionPanel } from './MotionPanel';
import { useMotionSearch } from './useMotionSearch';

withServer();

const FROM = Date.parse('2026-11-25T10:00:00Z');
const FOUND: FoundMotion[] = [
  { from: FROM + 60_000, to: FROM + 70_000, height: 51 },
  { from: FROM + 600_000, to: FROM + 604_000, height: 255 },
];

let sent: MotionOrder[];
let ended: string[];
let asked: string[];
let played: FoundMotion[];
/** What each further question is answered with. */
let answers: MotionSearch[];

function answer(state: MotionSearch['state'], revision: number, found: FoundMotion[]): MotionSearch {
  return {
    id: 'search',
    revision,
    state,
    from: '2026-11-25T10:00:00Z',
    to: '2026-11-25T11:00:00Z',
    footageMs: 3_600_000,
    searchedMs: state === 'done' ? 3_600_000 : 600_000,
    cameras: [
      {
        cameraId: 'gate',
        through: FROM + 600_000,
        found,
        foundLeftOut: false,
        unreadable: 0,
        masked: false,
        maskedAreas: [],
      },
    ],
  };
}

beforeEach(() => {
  sent = [];
  ended = [];
  asked = [];
  played = [];
  answers = [answer('running', 2, FOUND.slice(0, 1)), answer('done', 3, FOUND)];
  server.use(
    http.post(api('/api/v1/motion/searches'), async ({ request }) => {
      sent.push((await request.json()) as MotionOrder);
      return HttpResponse.json(answer('running', 1, []), { status: 202 });
    }),
    http.get(api('/api/v1/motion/searches/search'), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(answers.length > 1 ? answers.shift() : answers[0]);
    }),
    http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
    http.delete(api('/api/v1/motion/searches/:id'), ({ params }) => {
      ended.push(String(params.id));
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

function Page() {
  return (
    <MotionPanel
      camera={{ id: 'gate', name: 'Gate' }}
      range={{ from: FROM, to: FROM + 3_600_000 }}
      chosen={false}
      position={() => FROM + 1_000}
      searching={useMotionSearch()}
      onPlay={(found) => played.push(found)}
      onClose={() => undefined}
    />
  );
}

describe('a search for motion', () => {
  it('is for the boxes that were drawn, and fills while it runs', async () => {
    renderPage(<Page />);
    const stage = screen.getByTestId('motion-area-stage-gate');
    stage.getBoundingClientRect = () => new DOMRect(100, 50, 400, 200);
    fireEvent.pointerDown(stage, { button: 0, clientX: 200, clientY: 100 });
    fireEvent.pointerMove(stage, { clientX: 300, clientY: 150 });
    fireEvent.pointerUp(stage);
    // The other by keys.
    await userEvent.click(screen.getByTestId('motion-area-add-gate'));
    screen.getByTestId('motion-area-gate-2').focus();
    await userEvent.keyboard('{ArrowRight}');
    await userEvent.click(screen.getByTestId('motion-begin'));
    await waitFor(() => expect(screen.getByTestId('motion-panel').dataset.state).toBe('done'));
    expect(sent).toEqual([
      {
        cameraIds: ['gate'],
        from: '2026-11-25T10:00:00.000Z',
        to: '2026-11-25T11:00:00.000Z',
        areas: [
          { x: 0.25, y: 0.25, width: 0.25, height: 0.25 },
          { x: 0.36, y: 0.35, width: 0.3, height: 0.3 },
        ],
        sensitivity: 50,
      },
    ]);
    expect(asked).toEqual(['', '?after=2']);
    expect(screen.getByTestId('motion-progress').textContent).toContain('2 times');
    expect(ended, 'the server need not keep it').toEqual(['search']);
    const second = screen.getByTestId('motion-found-2');
    expect(second.querySelector('img')?.getAttribute('src')).toBe(
      `/media/v1/archive/gate/thumbnail.jpg?at=${FROM + 602_000}&width=160&stream=auto`,
    );
    expect(second.textContent).toContain('100 % moves');
    await userEvent.click(second);
    expect(played).toEqual([FOUND[1]]);
  });

  it('is stopped, and what was found stays', async () => {
    answers = [answer('running', 2, FOUND.slice(0, 1))];
    renderPage(<Page />);
    await userEvent.click(screen.getByTestId('motion-begin'));
    await screen.findByTestId('motion-found-1');
    await userEvent.click(screen.getByTestId('motion-cancel'));
    await waitFor(() => expect(ended).toEqual(['search']));
    expect(screen.getByTestId('motion-found-1')).toBeTruthy();
    expect(screen.queryByTestId('motion-cancel')).toBeNull();
  });

  it('tells what the camera told itself, also while answers leave it out, and plays it', async () => {
    const told = [
      { from: FROM + 90_000, to: FROM + 100_000, kind: 'camera.motion' },
      { from: FROM + 120_000, kind: 'onvif.line_crossed' },
    ];
    const first = answer('running', 1, []);
    const lanes = first.cameras.map((lane) => ({ ...lane, told, toldLeftOut: true }));
    answers = [{ ...first, cameras: lanes }, answer('running', 2, FOUND)];
    renderPage(<Page />);
    await userEvent.click(screen.getByTestId('motion-begin'));
    await screen.findByTestId('motion-found-2');
    const list = screen.getByTestId('motion-told');
    expect(screen.getByText('Told by the camera itself: 2')).toBeTruthy();
    expect(screen.getByTestId('motion-told-left-out').textContent).toContain('may have told more before');
    expect(list.textContent).toContain('Motion · 10 s');
    expect(screen.getByTestId('motion-told-2').textContent).toContain('lasts');
    await userEvent.click(screen.getByTestId('motion-told-1'));
    expect(played).toEqual([{ from: FROM + 90_000, to: FROM + 100_000, height: 0 }]);
  });

  it('asks again for what a camera told while the server reads that for others, and says that it may not be all', async () => {
    const done = answer('done', 3, []);
    const lanes = done.cameras.map((lane) => ({ ...lane, told: [], toldLeftOut: true }));
    let busy = 1;
    server.use(
      http.get(api('/api/v1/motion/searches/search'), ({ request }) => {
        asked.push(new URL(request.url).search);
        return busy-- > 0
          ? problem(429, 'too-many-requests', 'Ask again in a second.')
          : HttpResponse.json({ ...done, cameras: lanes });
      }),
    );
    renderPage(<Page />);
    await userEvent.click(screen.getByTestId('motion-begin'));
    expect(await screen.findByTestId('motion-told-left-out', {}, { timeout: 10_000 })).toBeTruthy();
    expect(asked).toEqual(['', '']);
    expect(screen.queryByTestId('motion-problem')).toBeNull();
  });

  it('shows the motion mask hatched, and says which areas lie below it', async () => {
    const mask = {
      version: 1,
      areas: [
        {
          points: [
            [0, 0],
            [0.5, 0],
            [0.5, 0.5],
          ],
        },
      ],
    };
    server.use(http.get(api('/api/v1/motion/masks/gate'), () => HttpResponse.json(mask)));
    const done = answer('done', 3, []);
    const lane = done.cameras.map((one) => ({ ...one, maskedAreas: [1] }));
    answers = [{ ...done, cameras: lane }];
    renderPage(<Page />);
    const hatched = await screen.findByTestId('motion-area-hatched-gate');
    expect(hatched.querySelector('polygon')?.getAttribute('points')).toBe('0,0 0.5,0 0.5,0.5');
    await userEvent.click(screen.getByTestId('motion-begin'));
    expect((await screen.findByTestId('motion-masked')).textContent).toContain('Area 2 lies below');
    expect(screen.getByText('Nothing moves there.')).toBeTruthy();

    answers = [{ ...done, cameras: lane.map((one) => ({ ...one, masked: true })) }];
    await userEvent.click(screen.getByTestId('motion-begin'));
    await waitFor(() =>
      expect(screen.getByTestId('motion-masked').textContent).toContain('nothing was searched'),
    );
    expect(screen.queryByText('Nothing moves there.')).toBeNull();
  });

  it('ends with the page', async () => {
    answers = [answer('running', 2, [])];
    const { unmount } = renderPage(<Page />);
    await userEvent.click(screen.getByTestId('motion-begin'));
    await waitFor(() => expect(asked.length).toBeGreaterThan(0));
    unmount();
    await waitFor(() => expect(ended).toEqual(['search']));
  });

  it('says why there is none', async () => {
    server.use(
      http.post(api('/api/v1/motion/searches'), () =>
        problem(403, 'forbidden', 'You lack the right view_archive.'),
      ),
    );
    renderPage(<Page />);
    await userEvent.click(screen.getByTestId('motion-begin'));
    expect((await screen.findByTestId('motion-problem')).textContent).toContain('You may not do this');
    expect(screen.getByTestId('motion-begin').hasAttribute('disabled')).toBe(false);
  });
});
