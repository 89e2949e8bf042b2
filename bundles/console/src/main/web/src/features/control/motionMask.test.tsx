// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { asRole, device, openControl, there } from '../../../test/control';
import { api, problem, server, withServer } from '../../../test/server';
import type { Corners, MotionMask } from '../../api/motionMask';
import { corners, rectOf } from '../../ui/boxes/corners';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

const AT = api('/api/v1/motion/masks/a');
const STREET: Corners = [
  [0, 0.5],
  [1, 0.5],
  [1, 1],
  [0, 1],
];
const TREE: Corners = [
  [0, 0],
  [0.3, 0],
  [0.1, 0.4],
];

let mask: MotionMask;
let given: unknown[];
let upon: (string | null)[];

beforeEach(() => {
  mask = { version: 3, areas: [{ points: STREET }, { points: TREE }] };
  given = [];
  upon = [];
  asRole('administrator');
  server.use(
    http.get(AT, () => HttpResponse.json(mask)),
    http.put(AT, async ({ request }) => {
      const { areas } = (await request.json()) as MotionMask;
      upon.push(request.headers.get('If-Match'));
      if (upon.at(-1) !== `"${mask.version}"`) {
        return problem(412, 'precondition-failed', 'The motion mask was changed in the meantime.');
      }
      given.push(areas);
      mask = { version: mask.version + 1, areas };
      return HttpResponse.json(mask);
    }),
  );
});

async function open() {
  there(device('snapshot'));
  const { client } = openControl();
  await userEvent.click(await screen.findByTestId('control-toggle-motion-mask'));
  await screen.findByTestId('motion-mask');
  return { askedAgain: () => client.refetchQueries({ queryKey: ['motion-mask', 'a'] }) };
}

const polygons = (testId: string) =>
  [...screen.getByTestId(testId).querySelectorAll('polygon')].map((one) => one.getAttribute('points'));
const isDisabled = (testId: string) => screen.getByTestId<HTMLButtonElement>(testId).disabled;

describe('the motion mask of a camera', () => {
  it('is drawn over what the camera sends now, and saved with what no editor can draw', async () => {
    await open();
    const stage = screen.getByTestId('motion-mask-stage-a');
    expect(stage.querySelector('img')?.getAttribute('src')).toBe(
      '/api/v1/cameras/a/snapshot?stream=main&width=640',
    );
    expect(screen.getByTestId('motion-mask-a-1').style.top).toBe('50%');
    expect(screen.getByTestId('motion-mask-hatched-a').querySelectorAll('polygon')).toHaveLength(1);
    expect(screen.getByTestId('motion-mask-save').hasAttribute('disabled')).toBe(true);
    expect(screen.queryByTestId('motion-mask-state')).toBeNull();

    stage.getBoundingClientRect = () => new DOMRect(0, 0, 400, 200);
    fireEvent.pointerDown(stage, { button: 0, clientX: 200, clientY: 20 });
    fireEvent.pointerMove(stage, { clientX: 300, clientY: 60 });
    fireEvent.pointerUp(stage);
    expect(screen.getByTestId('motion-mask').dataset.unsaved).toBe('true');
    expect(screen.getByTestId('motion-mask-state').textContent).toBe('Not saved yet');

    await userEvent.click(screen.getByTestId('motion-mask-save'));
    await waitFor(() => expect(screen.getByTestId('motion-mask-state').textContent).toBe('Saved'));
    const flag = corners({ x: 0.5, y: 0.1, width: 0.25, height: 0.2 });
    expect(given).toEqual([[{ points: STREET }, { points: flag }, { points: TREE }]]);
    expect(upon).toEqual(['"3"']);
    expect(screen.getByTestId('motion-mask').dataset.unsaved).toBeUndefined();
  });

  it('has new areas beside each other', async () => {
    await open();
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    const [one, other] = [2, 3].map((n) => screen.getByTestId(`motion-mask-a-${n}`).style);
    expect([one?.left, one?.top]).toEqual(['35%', '35%']);
    expect([other?.left, other?.top]).toEqual(['40%', '40%']);
  });

  it('is drawn by keys, and as it was again', async () => {
    await open();
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    screen.getByTestId('motion-mask-a-2').focus();
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowDown}{/Shift}');
    expect(screen.getByTestId('motion-mask-a-2').style.left).toBe('36%');
    screen.getByTestId('motion-mask-a-1').focus();
    await userEvent.keyboard('{Delete}');
    expect(screen.queryByTestId('motion-mask-a-2')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'As it was' }));
    expect(screen.getByTestId('motion-mask-a-1').style.top).toBe('50%');
    expect(screen.getByTestId('motion-mask').dataset.unsaved).toBeUndefined();
    await userEvent.click(screen.getByRole('button', { name: 'Remove them' }));
    await userEvent.click(screen.getByTestId('motion-mask-save'));
    await waitFor(() => expect(given).toEqual([[{ points: STREET }]]));
  });

  it('that somebody else changed is shown beside what was drawn, of which either is taken', async () => {
    await open();
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    mask = { version: 4, areas: [{ points: TREE }] };
    await userEvent.click(screen.getByTestId('motion-mask-save'));
    expect((await screen.findByTestId('motion-mask-stale')).textContent).toContain(
      'Somebody else has changed the motion mask meanwhile. Dashed lines show what there is now.',
    );
    expect(upon).toEqual(['"3"']);
    expect(screen.queryByTestId('motion-mask-refused'), 'said once').toBeNull();
    expect(polygons('motion-mask-dashed-a')).toEqual([TREE.join(' ')]);
    expect(screen.getByTestId('motion-mask-a-2')).toBeTruthy();
    expect(screen.getByTestId('motion-mask').dataset.unsaved).toBe('true');
    expect(isDisabled('motion-mask-save'), 'it would be refused again').toBe(true);

    await userEvent.click(screen.getByTestId('motion-mask-discard'));
    expect(screen.queryByTestId('motion-mask-a-1')).toBeNull();
    expect(screen.queryByTestId('motion-mask-stale')).toBeNull();
    expect(screen.getByTestId('motion-mask').dataset.unsaved).toBeUndefined();
  });

  it('that is asked for again is not what was drawn upon', async () => {
    const { askedAgain } = await open();
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    mask = { version: 4, areas: [] };
    await act(askedAgain);
    expect((await screen.findByTestId('motion-mask-stale')).textContent).toContain(
      'Somebody else has removed all areas',
    );
    expect(isDisabled('motion-mask-save')).toBe(true);
    await userEvent.click(screen.getByTestId('motion-mask-keep'));
    expect(screen.queryByTestId('motion-mask-stale')).toBeNull();
    await userEvent.click(screen.getByTestId('motion-mask-save'));
    await waitFor(() => expect(given).toHaveLength(1));
    expect(upon, 'knowing what it replaces').toEqual(['"4"']);
    expect(given[0]).toHaveLength(3);
  });

  it('stays drawn while the server does not answer, which is told', async () => {
    const { askedAgain } = await open();
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    server.use(http.get(AT, () => problem(503, 'unavailable', 'The store of motion masks is not there.')));
    await act(askedAgain);
    expect((await screen.findByTestId('motion-mask-problem')).textContent).toContain('is not there');
    expect(screen.getByTestId('motion-mask-a-2')).toBeTruthy();
  });

  it('has as many areas as the server takes, those of other shapes among them', async () => {
    const boxes = Array.from({ length: 14 }, (_, n) =>
      corners({ x: n / 16, y: 0, width: 1 / 32, height: 0.1 }),
    );
    mask = { version: 3, areas: [...boxes, TREE].map((points) => ({ points })) };
    await open();
    expect(screen.queryByTestId('motion-mask-full-a')).toBeNull();
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    expect(isDisabled('motion-mask-add-a')).toBe(true);
    const why = screen.getByTestId('motion-mask-full-a');
    expect(why.textContent).toContain('There can be 16 areas.');
    expect(screen.getByTestId('motion-mask-add-a').getAttribute('aria-describedby')).toBe(why.id);
    expect(document.activeElement, 'the button is no place for keys any more').toBe(
      screen.getByTestId('motion-mask-a-15'),
    );
    await userEvent.keyboard('{Delete}');
    expect(isDisabled('motion-mask-add-a')).toBe(false);
  });

  it('is only there for who manages the camera', async () => {
    asRole('operator');
    there(device('snapshot'));
    openControl();
    await screen.findByTestId('control-panel');
    expect(screen.queryByTestId('control-toggle-motion-mask')).toBeNull();
  });

  it('has boxes where its areas are upright rectangles', () => {
    const rect = { x: 0.25, y: 0.125, width: 0.5, height: 0.25 };
    expect(rectOf(corners(rect))).toEqual(rect);
    expect(rectOf(TREE)).toBeUndefined();
    expect(rectOf([...STREET].reverse())).toBeUndefined();
    expect(
      rectOf([
        [0.5, 0],
        [1, 0.5],
        [0.5, 1],
        [0, 0.5],
      ]),
    ).toBeUndefined();
  });
});
