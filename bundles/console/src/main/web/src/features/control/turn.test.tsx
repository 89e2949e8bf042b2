// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AT, asRole, device, openControl, there } from '../../../test/control';
import { api, problem, server, withServer } from '../../../test/server';
import type { PtzTurn } from '../../api/control';

withServer();
// The picture is told elsewhere; jsdom has no video.
vi.mock('../live/useLivePlayer', () => ({
  useLivePlayer: () => ({ player: undefined, state: { phase: 'idle', lastPictureAtMs: 0 } }),
}));

let turn: PtzTurn;
let said: string[];

beforeEach(() => {
  asRole('operator');
  said = [];
  there(device('ptz', 'ptz_presets'));
  server.use(
    http.get(api(`${AT}/ptz/turn`), () => HttpResponse.json(turn)),
    http.post(api(`${AT}/ptz/:what`), ({ params }) => {
      said.push(String(params.what));
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(api(`${AT}/ptz/presets/:token/go`), () => {
      said.push('preset');
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const notice = () => screen.findByTestId('ptz-turn');

describe('a camera that somebody else moves', () => {
  it('who goes before the user is named before one tries, and nothing moves it until then', async () => {
    turn = { by: 'chief', own: false, mayTake: false, freeInSeconds: 7 };
    openControl();
    expect((await notice()).textContent).toContain('Controlled by chief');
    expect((await notice()).textContent).toContain('7 s');
    expect(screen.queryByTestId('ptz-take')).toBeNull();
    expect(screen.getByTestId<HTMLFieldSetElement>('ptz-controls').disabled).toBe(true);
    expect((await screen.findByTestId('preset-go-Gate')).matches(':disabled')).toBe(true);
    // Said once, not with each second.
    expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toContain(
      'Controlled by chief',
    );
    expect((await notice()).closest('[role="status"], [role="alert"]')).toBeNull();
    const stage = screen.getByTestId('control-stage');
    fireEvent.keyDown(stage, { key: 'ArrowUp' });
    fireEvent.keyDown(window, { key: '1' });

    turn = { own: false, mayTake: true };
    await waitFor(() => expect(screen.queryByTestId('ptz-turn')).toBeNull());
    expect(said).toEqual([]);
    fireEvent.keyDown(stage, { key: 'ArrowUp' });
    await waitFor(() => expect(said).toContain('move'));
  });

  it('has positions kept and forgotten all the same: that moves nothing', async () => {
    asRole('administrator');
    turn = { by: 'chief', own: false, mayTake: false, freeInSeconds: 7 };
    openControl();
    await notice();
    expect((await screen.findByTestId('preset-forget-Gate')).matches(':disabled')).toBe(false);
    expect(screen.getByTestId('preset-name').matches(':disabled')).toBe(false);
    expect(screen.getByTestId('preset-go-Gate').matches(':disabled')).toBe(true);
  });

  it('is taken over by who goes before them, without being moved', async () => {
    turn = { by: 'guard', own: false, mayTake: true, freeInSeconds: 7 };
    server.use(
      http.post(api(`${AT}/ptz/turn`), () => {
        turn = { by: 'admin', own: true, mayTake: true, freeInSeconds: 10 };
        return HttpResponse.json(turn);
      }),
    );
    openControl();
    expect((await notice()).textContent).toContain('Controlled by guard');
    expect(screen.getByTestId<HTMLFieldSetElement>('ptz-controls').disabled).toBe(false);
    await userEvent.click(screen.getByTestId('ptz-take'));
    await waitFor(() => expect(screen.queryByTestId('ptz-turn')).toBeNull());
    expect(said).toEqual([]);
  });

  it('says so when somebody else was quicker', async () => {
    turn = { by: 'guard', own: false, mayTake: true, freeInSeconds: 7 };
    server.use(
      http.post(api(`${AT}/ptz/turn`), () => {
        turn = { by: 'chief', own: false, mayTake: false, freeInSeconds: 9 };
        return problem(409, 'conflict', 'The camera is being moved by chief, who goes before you.');
      }),
    );
    openControl();
    await notice();
    await userEvent.click(screen.getByTestId('ptz-take'));
    await waitFor(() => expect(screen.getByTestId('ptz-turn').dataset.mayTake).toBe('false'));
    expect(screen.getByTestId('ptz-turn').textContent).toContain('Controlled by chief');
  });

  it('is not told of the user', async () => {
    turn = { by: 'operator', own: true, mayTake: true, freeInSeconds: 7 };
    openControl();
    await screen.findByTestId('preset-go-Gate');
    expect(screen.queryByTestId('ptz-turn')).toBeNull();
  });
});
