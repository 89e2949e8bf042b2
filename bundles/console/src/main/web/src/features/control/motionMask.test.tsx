// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
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
      given.push(areas);
      upon.push(request.headers.get('If-Match'));
      mask = { version: mask.version + 1, areas };
      return HttpResponse.json(mask);
    }),
  );
});

async function open() {
  there(device('snapshot'));
  openControl();
  await userEvent.click(await screen.findByTestId('control-toggle-motion-mask'));
  await screen.findByTestId('motion-mask');
}

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

  it('says that somebody else changed it, and keeps what was drawn', async () => {
    await open();
    server.use(
      http.put(AT, () => problem(412, 'precondition-failed', 'The motion mask was changed in the meantime.')),
    );
    await userEvent.click(screen.getByTestId('motion-mask-add-a'));
    await userEvent.click(screen.getByTestId('motion-mask-save'));
    expect(await screen.findByTestId('motion-mask-refused')).toBeTruthy();
    expect(screen.getByTestId('motion-mask-a-2')).toBeTruthy();
    expect(screen.getByTestId('motion-mask').dataset.unsaved).toBe('true');
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
