// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, problem, server, withServer } from '../../../test/server';
import type { Removal, RemovalDraft } from '../../api/evidence';
import { DeleteFootageDialog } from './DeleteFootageDialog';

withServer();

const OFFERED = { from: Date.parse('2026-11-25T18:00:00.123Z'), to: Date.parse('2026-11-25T18:30:00.000Z') };
const SEEN: Removal = {
  cameraId: 'a',
  removable: {
    segments: 5,
    bytes: 3 << 20,
    from: '2026-11-25T18:02:00.000Z',
    to: '2026-11-25T18:27:00.000Z',
  },
  locked: { segments: 1, bytes: 1, from: '2026-11-25T18:27:00.000Z', to: '2026-11-25T18:30:00.000Z' },
  confirm: 'abc',
};

function open(answer: (draft: RemovalDraft) => Response) {
  const sent: RemovalDraft[] = [];
  let closed = false;
  server.use(
    http.post(api('/api/v1/removals'), async ({ request }) => {
      const draft = (await request.json()) as RemovalDraft;
      sent.push(draft);
      return answer(draft);
    }),
  );
  renderPage(
    <DeleteFootageDialog
      camera={camera('a')}
      offered={OFFERED}
      onClose={() => {
        closed = true;
      }}
    />,
  );
  return { sent, isClosed: () => closed };
}

const isDisabled = (testId: string) => (screen.getByTestId(testId) as HTMLButtonElement).disabled;

describe('deleting footage', () => {
  it('says what would go, and removes that after the camera was named', async () => {
    const { sent, isClosed } = open((draft) =>
      HttpResponse.json(
        draft.confirm ? { cameraId: 'a', removed: { segments: 5, bytes: 3 << 20, kept: 0 } } : SEEN,
      ),
    );
    await userEvent.click(screen.getByTestId('removal-look'));
    const seen = await screen.findByTestId('removal-seen');
    expect(seen.textContent).toContain('5 segments go');
    expect(seen.textContent).toContain('3.0 MiB');
    expect(seen.textContent).toContain('1 segment is locked as evidence');
    expect(isDisabled('removal-confirm')).toBe(true);
    await userEvent.type(screen.getByTestId('removal-name'), 'Camera');
    expect(isDisabled('removal-confirm')).toBe(true);
    await userEvent.type(screen.getByTestId('removal-name'), ' a');
    await userEvent.click(screen.getByTestId('removal-confirm'));
    await waitFor(() => expect(isClosed()).toBe(true));
    const range = { cameraId: 'a', from: '2026-11-25T18:00:00.123Z', to: '2026-11-25T18:30:00.000Z' };
    expect(sent).toEqual([range, { ...range, confirm: 'abc' }]);
  });

  it('looks again when the footage has changed meanwhile, or the stretch', async () => {
    const { sent, isClosed } = open((draft) =>
      draft.confirm
        ? problem(409, 'conflict', 'The footage in this range is not what was confirmed.')
        : HttpResponse.json(SEEN),
    );
    await userEvent.click(screen.getByTestId('removal-look'));
    await userEvent.type(await screen.findByTestId('removal-name'), 'Camera a');
    await userEvent.click(screen.getByTestId('removal-confirm'));
    await screen.findByText(/not what was confirmed/);
    expect(isClosed()).toBe(false);
    await userEvent.click(screen.getByTestId('removal-look'));
    await screen.findByTestId('removal-seen');
    await userEvent.clear(screen.getByTestId('removal-to'));
    expect(screen.queryByTestId('removal-seen')).toBeNull();
    expect(isDisabled('removal-look')).toBe(true);
    expect(sent.filter((draft) => draft.confirm)).toHaveLength(1);
  });

  it('offers nothing where there is nothing', async () => {
    open(() => HttpResponse.json({ cameraId: 'a' }));
    await userEvent.click(screen.getByTestId('removal-look'));
    expect((await screen.findByTestId('removal-seen')).textContent).toContain('No whole segment');
    expect(screen.queryByTestId('removal-name')).toBeNull();
    expect(isDisabled('removal-confirm')).toBe(true);
  });
});
