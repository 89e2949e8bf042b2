// SPDX-License-Identifier: Apache-2.0
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { between, moved, type Rect, resized } from './rects';

const STEP = 0.01;
const BIG_STEP = 0.1;
const FRESH: Rect = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
/** So far right of another one, and below it, it is not taken for it. */
const BESIDE = 0.05;
const FRESH_MAX = 1 - FRESH.width - BESIDE;
const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const isNear = (one: number, other: number) => Math.abs(one - other) < STEP / 2;

interface Point {
  x: number;
  y: number;
}

/**
 * Boxes on a stage, drawn and moved with a pointer and moved with keys.
 *
 * @param full whether there is no place for another one
 */
export function useDrawing(
  stage: RefObject<HTMLElement | null>,
  boxes: Rect[],
  full: boolean,
  onChange: (boxes: Rect[]) => void,
) {
  const [drawn, setDrawn] = useState<Rect>();
  const begun = useRef<Point | undefined>(undefined);
  const held = useRef<{ index: number; rect: Rect; at: Point } | undefined>(undefined);
  const added = useRef(false);

  // The last one that there is place for takes the button that made it from under the keys; they go on with what it made.
  useEffect(() => {
    const last = added.current && full;
    added.current = false;
    if (last) {
      stage.current?.querySelector<HTMLElement>(`[data-box="${boxes.length - 1}"]`)?.focus();
    }
  }, [stage, boxes.length, full]);

  function pointOf(event: PointerEvent): Point | undefined {
    const box = stage.current?.getBoundingClientRect();
    return box && box.width > 0 && box.height > 0
      ? { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height }
      : undefined;
  }

  const replace = (index: number, rect: Rect) => onChange(boxes.map((one, i) => (i === index ? rect : one)));

  function add() {
    added.current = true;
    let fresh = FRESH;
    while (fresh.x < FRESH_MAX && boxes.some(({ x, y }) => isNear(x, fresh.x) && isNear(y, fresh.y))) {
      fresh = moved(fresh, BESIDE, BESIDE);
    }
    onChange([...boxes, fresh]);
  }

  function remove(index: number) {
    onChange(boxes.filter((_, i) => i !== index));
    stage.current?.focus();
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const at = pointOf(event);
    if (event.button !== 0 || !at) {
      return;
    }
    event.currentTarget.setPointerCapture?.(event.pointerId);
    const box = event.target instanceof Element ? event.target.closest('[data-box]') : null;
    const index = Number(box?.getAttribute('data-box') ?? -1);
    const rect = boxes[index];
    if (rect) {
      held.current = { index, rect, at };
    } else if (!full) {
      begun.current = at;
    }
  }

  function onPointerMove(event: PointerEvent) {
    const at = pointOf(event);
    if (at && held.current) {
      const { index, rect, at: from } = held.current;
      replace(index, moved(rect, at.x - from.x, at.y - from.y));
    } else if (at && begun.current) {
      setDrawn(between(begun.current, at));
    }
  }

  function onPointerUp() {
    if (drawn) {
      onChange([...boxes, drawn]);
    }
    onPointerCancel();
  }

  function onPointerCancel() {
    setDrawn(undefined);
    begun.current = undefined;
    held.current = undefined;
  }

  function onKeyDown(event: KeyboardEvent, index: number, rect: Rect) {
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      remove(index);
      return;
    }
    // Not with Alt: browsers go back with it.
    const direction = DIRECTIONS[event.key];
    if (direction && !event.altKey && !event.metaKey) {
      event.preventDefault();
      const step = event.ctrlKey ? BIG_STEP : STEP;
      const [dx, dy] = [direction[0] * step, direction[1] * step];
      replace(index, event.shiftKey ? resized(rect, dx, dy) : moved(rect, dx, dy));
    }
  }

  return {
    drawn,
    add,
    remove,
    onKeyDown,
    pointers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel },
  };
}
