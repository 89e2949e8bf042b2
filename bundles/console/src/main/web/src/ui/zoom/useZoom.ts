// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { Pinch } from '../pinch';
import { isWhole, shiftedBy, WHOLE, type Zoom, zoomedAt } from './zoom';

const WHEEL_STEP = 0.0022;
const LINE_PX = 33;
export const KEY_FACTOR = 1.25;

export interface Zooming {
  zoom: Zoom;
  /** Around the middle. */
  by: (factor: number) => void;
  /** In parts of the frame. */
  shift: (x: number, y: number) => void;
  reset: () => void;
}

/** Whether the wheel moves what the frame stands in, as it does a wall on a narrow screen. */
function isInScroller(frame: HTMLElement): boolean {
  for (let outer = frame.parentElement; outer; outer = outer.parentElement) {
    const overflow = getComputedStyle(outer).overflowY;
    if ((overflow === 'auto' || overflow === 'scroll') && outer.scrollHeight > outer.clientHeight + 1) {
      return true;
    }
  }
  return false;
}

/**
 * Enlarges what a frame shows: the wheel where the pointer is, two fingers where they are, and dragging while it is enlarged.
 *
 * @param byAlt all of that only with the Alt key, where wheel and pointer have another meaning without
 */
export function useZoom(frame: RefObject<HTMLElement | null>, byAlt = false): Zooming {
  const [zoom, setZoom] = useState(WHOLE);
  const enlarged = !isWhole(zoom);

  // React's wheel listener is passive: the page would scroll.
  useEffect(() => {
    const element = frame.current;
    const onWheel = (event: WheelEvent) => {
      const box = element?.getBoundingClientRect();
      if (!element || !box || event.deltaY === 0 || (byAlt && !event.altKey)) {
        return;
      }
      if (!enlarged && !event.ctrlKey && !byAlt && isInScroller(element)) {
        return;
      }
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
      const x = (event.clientX - box.left) / Math.max(1, box.width);
      const y = (event.clientY - box.top) / Math.max(1, box.height);
      setZoom((before) => zoomedAt(before, x, y, Math.exp(-pixels * WHEEL_STEP)));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [frame, enlarged, byAlt]);

  // One finger, or the mouse, moves what is enlarged; two enlarge whatever there is.
  const whole = useRef(true);
  whole.current = !enlarged;
  useEffect(() => {
    const element = frame.current;
    if (!element) {
      return;
    }
    const pinch = new Pinch();
    let last: { id: number; x: number; y: number } | undefined;
    const onDown = (event: PointerEvent) => {
      const onButton = event.target instanceof Element && event.target.closest('button') !== null;
      if (event.button !== 0 || onButton || (byAlt && !event.altKey)) {
        return;
      }
      if (event.pointerType === 'touch' && pinch.down(event.pointerId, event.clientX, event.clientY)) {
        last = undefined;
        element.setPointerCapture?.(event.pointerId);
      } else if (!whole.current && last === undefined) {
        last = { id: event.pointerId, x: event.clientX, y: event.clientY };
        element.setPointerCapture?.(event.pointerId);
      }
    };
    const onMove = (event: PointerEvent) => {
      const box = element.getBoundingClientRect();
      const width = Math.max(1, box.width);
      const height = Math.max(1, box.height);
      const pinched = pinch.move(event.pointerId, event.clientX, event.clientY);
      if (pinched) {
        const x = (pinched.x - pinched.dx - box.left) / width;
        const y = (pinched.y - pinched.dy - box.top) / height;
        setZoom((before) =>
          shiftedBy(zoomedAt(before, x, y, pinched.factor), pinched.dx / width, pinched.dy / height),
        );
      } else if (last?.id === event.pointerId) {
        const x = (event.clientX - last.x) / width;
        const y = (event.clientY - last.y) / height;
        last = { id: event.pointerId, x: event.clientX, y: event.clientY };
        setZoom((before) => shiftedBy(before, x, y));
      }
    };
    const onEnd = (event: PointerEvent) => {
      pinch.up(event.pointerId);
      if (last?.id === event.pointerId) {
        last = undefined;
      }
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onEnd);
    element.addEventListener('pointercancel', onEnd);
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onEnd);
      element.removeEventListener('pointercancel', onEnd);
    };
  }, [frame, byAlt]);

  const by = useCallback((factor: number) => setZoom((before) => zoomedAt(before, 0.5, 0.5, factor)), []);
  const shift = useCallback((x: number, y: number) => setZoom((before) => shiftedBy(before, x, y)), []);
  const reset = useCallback(() => setZoom(WHOLE), []);
  return { zoom, by, shift, reset };
}
