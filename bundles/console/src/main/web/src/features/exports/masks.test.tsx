// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import type { ExportDraft } from '../../api/exports';
import { useSession } from '../../api/session';
import { corners } from '../../ui/boxes/corners';
import { between, moved, resized } from '../../ui/boxes/rects';
import { ExportDialog } from './ExportDialog';
import { ExportsPage } from './ExportsPage';

withServer();
const nothing = () => {};
let sent: ExportDraft[];

beforeEach(() => {
  sent = [];
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing([camera('gate'), camera('yard')]),
    http.post(api('/api/v1/exports'), async ({ request }) => {
      sent.push((await request.json()) as ExportDraft);
      return HttpResponse.json({ id: 'n' }, { status: 201 });
    }),
  );
});

function open(cameraIds: string[]) {
  renderPage(
    <ExportDialog
      cameraIds={cameraIds}
      offered={{ from: 1_000, to: 2_000 }}
      onOrdered={nothing}
      onClose={nothing}
    />,
  );
}

async function ordered(): Promise<ExportDraft> {
  await userEvent.click(screen.getByTestId('export-save'));
  await waitFor(() => expect(sent).toHaveLength(1));
  return sent[0] as ExportDraft;
}

/** As large as it would be on a page. */
async function stageOf(id: string): Promise<HTMLElement> {
  const stage = await screen.findByTestId(`export-mask-stage-${id}`);
  stage.getBoundingClientRect = () => new DOMRect(100, 50, 400, 200);
  return stage;
}

describe('what is burned into an export', () => {
  it('is the text, the time with the zone of the browser, and the user, as they were chosen', async () => {
    open(['gate']);
    expect(screen.queryByTestId('export-anew')).toBeNull();
    await userEvent.type(screen.getByTestId('export-overlay'), ' Case 17 ');
    await userEvent.click(screen.getByTestId('export-overlay-time'));
    expect(screen.getByTestId('export-anew').textContent).toContain('encoded anew');
    const { overlay, masks } = await ordered();
    expect(overlay).toEqual({
      text: 'Case 17',
      time: true,
      user: false,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    expect(masks).toBeUndefined();
  });

  it('is hidden where somebody draws, of each camera for itself, and only of those that are exported', async () => {
    open(['gate', 'yard']);
    await waitFor(() => expect(screen.getByTestId('export-masked').hasAttribute('disabled')).toBe(false));
    await userEvent.click(screen.getByTestId('export-masked'));
    const gate = await stageOf('gate');
    expect(gate.querySelector('img')?.getAttribute('src')).toBe(
      '/media/v1/archive/gate/thumbnail.jpg?at=1000&width=640&stream=auto',
    );
    fireEvent.pointerDown(gate, { button: 0, clientX: 300, clientY: 150 });
    fireEvent.pointerMove(gate, { clientX: 200, clientY: 100 });
    fireEvent.pointerUp(gate);
    expect(screen.getByTestId('export-mask-gate-1')).toBeTruthy();
    // Taken hold of and moved.
    fireEvent.pointerDown(screen.getByTestId('export-mask-gate-1'), {
      button: 0,
      clientX: 250,
      clientY: 110,
    });
    fireEvent.pointerMove(gate, { clientX: 290, clientY: 130 });
    fireEvent.pointerUp(gate);
    await userEvent.click(screen.getByTestId('export-mask-add-yard'));
    await userEvent.click(screen.getByTestId('export-mask-add-yard'));
    await userEvent.click(screen.getByTestId('export-mask-remove-yard-1'));
    const { overlay, masks } = await ordered();
    expect(overlay).toBeUndefined();
    expect(masks).toEqual([
      {
        cameraId: 'gate',
        points: [
          [0.35, 0.35],
          [0.6, 0.35],
          [0.6, 0.6],
          [0.35, 0.6],
        ],
      },
      {
        cameraId: 'yard',
        points: [
          [0.4, 0.4],
          [0.7, 0.4],
          [0.7, 0.7],
          [0.4, 0.7],
        ],
      },
    ]);
  });

  it('is drawn without a pointer', async () => {
    open(['gate']);
    await waitFor(() => expect(screen.getByTestId('export-masked').hasAttribute('disabled')).toBe(false));
    screen.getByTestId('export-masked').focus();
    await userEvent.keyboard(' ');
    (await screen.findByTestId('export-mask-add-gate')).focus();
    await userEvent.keyboard('{Enter}{Enter}');
    const first = screen.getByTestId('export-mask-gate-1');
    expect(first.getAttribute('aria-label')).toBe('Mask 1 over Camera gate');
    first.focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowUp}');
    await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowDown}{/Shift}');
    await userEvent.keyboard('{Control>}{ArrowLeft}{/Control}');
    screen.getByTestId('export-mask-gate-2').focus();
    await userEvent.keyboard('{Delete}');
    expect(screen.queryByTestId('export-mask-gate-2')).toBeNull();
    const { masks } = await ordered();
    expect(masks).toEqual([
      {
        cameraId: 'gate',
        points: [
          [0.27, 0.34],
          [0.58, 0.34],
          [0.58, 0.65],
          [0.27, 0.65],
        ],
      },
    ]);
  });

  it('is said of an export that has it', async () => {
    const made = {
      state: 'waiting',
      cameraIds: ['gate'],
      from: '2026-11-25T18:00:00.000Z',
      to: '2026-11-25T18:30:00.000Z',
      stream: 'main',
      form: 'mp4',
      cut: 'key_frame',
      reason: '',
      createdBy: 'admin',
      created: '2026-11-25T19:00:00.000Z',
      bytesDone: 0,
      bytesExpected: 1,
    };
    const mask = { cameraId: 'gate', points: corners({ x: 0, y: 0, width: 1, height: 1 }) };
    server.use(
      http.get(api('/api/v1/exports'), () =>
        HttpResponse.json({
          items: [
            { ...made, id: 'a', overlay: { text: 'Case 17' }, masks: [mask, mask] },
            { ...made, id: 'b' },
          ],
        }),
      ),
    );
    renderPage(<ExportsPage />);
    expect((await screen.findByTestId('export-a')).textContent).toContain('text in the picture · 2 masks');
    expect(screen.getByTestId('export-b').textContent).not.toContain('mask');
  });

  it('is nothing where masks are switched off again, or the files of the archive are taken', async () => {
    open(['gate']);
    await waitFor(() => expect(screen.getByTestId('export-masked').hasAttribute('disabled')).toBe(false));
    await userEvent.type(screen.getByTestId('export-overlay'), 'Case 17');
    await userEvent.click(screen.getByTestId('export-masked'));
    await userEvent.click(await screen.findByTestId('export-mask-add-gate'));
    await userEvent.click(screen.getByTestId('export-form-of'));
    await userEvent.click(await screen.findByRole('option', { name: "the archive's own files" }));
    expect(screen.queryByTestId('export-overlay')).toBeNull();
    const draft = await ordered();
    expect(draft.overlay).toBeUndefined();
    expect(draft.masks).toBeUndefined();
  });
});

describe('a mask', () => {
  it('stays in the picture and is never too small to take hold of', () => {
    expect(between({ x: 1.4, y: 0.75 }, { x: 0.5, y: 0.75 })).toEqual({
      x: 0.5,
      y: 0.75,
      width: 0.5,
      height: 0.02,
    });
    const rect = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
    expect(moved(rect, 1, -1)).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 });
    expect(resized(rect, 1, -1)).toEqual({ x: 0.25, y: 0.25, width: 0.75, height: 0.02 });
    expect(corners({ x: 1 / 3, y: 0, width: 2 / 3, height: 1 })).toEqual([
      [0.3333, 0],
      [1, 0],
      [1, 1],
      [0.3333, 1],
    ]);
  });
});
