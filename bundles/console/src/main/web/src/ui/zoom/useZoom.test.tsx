// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef } from 'react';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { useZoom } from './useZoom';
import { ZoomMark } from './ZoomMark';
import { transformOf } from './zoom';

function Picture({ offered = false }: { offered?: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const zooming = useZoom(frame);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: as the pages have it
    <div
      ref={frame}
      data-testid="frame"
      onDoubleClick={zooming.reset}
      data-transform={transformOf(zooming.zoom)}
    >
      <ZoomMark zooming={zooming} offered={offered} />
    </div>
  );
}

function framed(): HTMLElement {
  const frame = screen.getByTestId('frame');
  frame.getBoundingClientRect = () => new DOMRect(100, 50, 400, 200);
  return frame;
}

const WHEEL_TO_DOUBLE = -Math.LN2 / 0.0022;

describe('a picture', () => {
  it('is enlarged by the wheel where the pointer is, and says how far', () => {
    renderPage(<Picture />);
    const frame = framed();
    expect(screen.queryByTestId('zoom-scale')).toBeNull();
    // Three quarters from the left, a quarter from the top.
    expect(fireEvent.wheel(frame, { deltaY: WHEEL_TO_DOUBLE, clientX: 400, clientY: 100 })).toBe(false);
    expect(frame.dataset.transform).toBe('translate(-75%, -25%) scale(2)');
    expect(screen.getByTestId('zoom-scale').textContent).toBe('2.0×');
  });

  it('is moved by dragging only while it is enlarged', () => {
    renderPage(<Picture />);
    const frame = framed();
    const drag = () => {
      fireEvent.pointerDown(frame, { pointerId: 1, button: 0, clientX: 300, clientY: 150 });
      fireEvent.pointerMove(frame, { pointerId: 1, clientX: 260, clientY: 170 });
      fireEvent.pointerUp(frame, { pointerId: 1 });
      fireEvent.pointerMove(frame, { pointerId: 1, clientX: 0, clientY: 0 });
    };
    drag();
    expect(frame.dataset.transform).toBeUndefined();
    fireEvent.wheel(frame, { deltaY: WHEEL_TO_DOUBLE, clientX: 300, clientY: 150 });
    drag();
    expect(frame.dataset.transform).toBe('translate(-60%, -40%) scale(2)');
  });

  it('is enlarged by two fingers where they are, and moved with them', () => {
    renderPage(<Picture />);
    const frame = framed();
    const finger = (id: number, clientX: number, clientY: number) => ({
      pointerId: id,
      pointerType: 'touch',
      button: 0,
      clientX,
      clientY,
    });
    fireEvent.pointerDown(frame, finger(1, 250, 150));
    fireEvent.pointerMove(frame, finger(1, 270, 150));
    expect(frame.dataset.transform).toBeUndefined();
    fireEvent.pointerDown(frame, finger(2, 330, 150));
    fireEvent.pointerMove(frame, finger(2, 360, 150));
    fireEvent.pointerMove(frame, finger(1, 240, 150));
    // From 60 to 120 pixels apart, around the middle of the frame.
    expect(Number(/scale\((.*)\)$/.exec(frame.dataset.transform ?? '')?.[1])).toBeCloseTo(2, 6);
    fireEvent.pointerUp(frame, finger(2, 360, 150));
    const before = frame.dataset.transform;
    fireEvent.pointerMove(frame, finger(1, 200, 150));
    expect(frame.dataset.transform).toBe(before);
  });

  it('leaves the wheel to a list it stands in, but with Ctrl', () => {
    renderPage(
      <div style={{ overflowY: 'auto' }} data-testid="list">
        <Picture />
      </div>,
    );
    Object.defineProperty(screen.getByTestId('list'), 'scrollHeight', { value: 5_000 });
    const frame = framed();
    expect(fireEvent.wheel(frame, { deltaY: WHEEL_TO_DOUBLE, clientX: 300, clientY: 150 })).toBe(true);
    expect(frame.dataset.transform).toBeUndefined();
    fireEvent.wheel(frame, { deltaY: WHEEL_TO_DOUBLE, clientX: 300, clientY: 150, ctrlKey: true });
    expect(frame.dataset.transform).toContain('scale(2)');
  });

  it('is whole again by a double click or a button, and enlarged by a button too', async () => {
    renderPage(<Picture offered />);
    const frame = framed();
    await userEvent.click(screen.getByTestId('zoom-in'));
    expect(screen.getByTestId('zoom-scale').textContent).toBe('1.3×');
    await userEvent.click(screen.getByLabelText('Whole picture (0)'));
    expect(frame.dataset.transform).toBeUndefined();
    await userEvent.click(screen.getByTestId('zoom-in'));
    await userEvent.dblClick(frame);
    expect(frame.dataset.transform).toBeUndefined();
  });
});
