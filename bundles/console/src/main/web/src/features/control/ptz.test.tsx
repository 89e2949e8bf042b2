// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ALL, AT, asRole, device, openControl, SPACES, there } from '../../../test/control';
import { api, problem, server, withServer } from '../../../test/server';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

beforeEach(() => asRole('administrator'));

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

describe('a camera that moves', () => {
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
    openControl();
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
    openControl();
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
    openControl();
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
    openControl();
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
    openControl();
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
    openControl();
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

  describe('whose positions can be kept anew', () => {
    let asked: string[];
    const PRESET = `${AT}/ptz/presets/:token`;

    beforeEach(() => {
      asked = [];
      there(device('ptz', 'ptz_presets'));
      server.use(
        http.patch(api(PRESET), async ({ params, request }) => {
          asked.push(`${params.token} ${JSON.stringify(await request.json())}`);
          return HttpResponse.json({ token: params.token, name: 'Yard', home: false, changeable: true });
        }),
        http.post(api(`${PRESET}/go`), ({ params }) => {
          asked.push(`go ${params.token}`);
          return new HttpResponse(null, { status: 204 });
        }),
      );
    });

    it('renames them, and says before that it turns there', async () => {
      openControl();
      await userEvent.click(await screen.findByTestId('preset-rename-Gate'));
      const name = await screen.findByTestId('preset-new-name');
      expect(screen.getByRole('alertdialog').textContent).toContain('the camera turns to the position');
      expect(screen.getByTestId<HTMLButtonElement>('preset-confirm').disabled).toBe(true);
      await userEvent.clear(name);
      await userEvent.type(name, ' Yard ');
      await userEvent.click(screen.getByTestId('preset-confirm'));
      await waitFor(() => expect(asked).toEqual(['1 {"name":"Yard"}']));
      await waitFor(() => expect(screen.queryByTestId('preset-new-name')).toBeNull());
    });

    it('keeps them where it looks now, home too, and goes home', async () => {
      openControl();
      await userEvent.click(await screen.findByTestId('preset-here-Gate'));
      await userEvent.click(await screen.findByTestId('preset-confirm'));
      await waitFor(() => expect(asked).toEqual(['1 {"here":true}']));
      await waitFor(() => expect(screen.queryByTestId('preset-confirm')).toBeNull());
      await userEvent.click(screen.getByTestId('preset-home-here'));
      await userEvent.click(await screen.findByTestId('preset-confirm'));
      await waitFor(() => expect(asked[1]).toBe('nxvms-home {"here":true}'));
      await userEvent.click(screen.getByTestId('preset-home'));
      await waitFor(() => expect(asked[2]).toBe('go nxvms-home'));
    });

    it('offers nothing of that without the right, nor where the camera cannot', async () => {
      asRole('operator');
      const { unmount } = openControl();
      await screen.findByTestId('preset-home');
      expect(screen.queryByTestId('preset-rename-Gate')).toBeNull();
      expect(screen.queryByTestId('preset-home-here')).toBeNull();
      unmount();
      asRole('administrator');
      server.use(
        http.get(api(`${AT}/ptz/presets`), () =>
          HttpResponse.json({ items: [{ token: '1', name: 'Gate', home: false, changeable: false }] }),
        ),
      );
      openControl();
      await screen.findByTestId('preset-forget-Gate');
      expect(screen.queryByTestId('preset-rename-Gate')).toBeNull();
      expect(screen.queryByTestId('preset-home')).toBeNull();
    });
  });

  it('goes to the first nine positions by digits, unless text is typed', async () => {
    there(device(...ALL));
    const gone: string[] = [];
    server.use(
      http.get(api(`${AT}/ptz/presets`), () =>
        HttpResponse.json({
          items: [
            { token: 'nxvms-home', name: 'Home position', home: true, changeable: false },
            { token: '1', name: 'Gate', home: false, changeable: false },
            { token: 'x', name: 'Yard', home: false, changeable: false },
          ],
        }),
      ),
      http.post(api(`${AT}/ptz/presets/:token/go`), ({ params }) => {
        gone.push(String(params.token));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    openControl();
    await screen.findByTestId('preset-go-Yard');
    await userEvent.type(screen.getByTestId('preset-name'), '1');
    act(() => screen.getByTestId('control-stage').focus());
    await userEvent.keyboard('297{Control>}1{/Control}1');
    await waitFor(() => expect(gone).toEqual(['x', '1']));
  });
});
