// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useLayoutEffect, useState } from 'react';
import { lentShare } from './lentRoom';
import type { Size } from './streamChoice';

/** A size that is still being changed is none to choose by. */
const SETTLED_MS = 300;

/**
 * How many pixels of the screen an element has, once it is laid out and whenever that has changed and stayed so; room that
 * the wall lends for a while counts as if it had it.
 */
export function useShownSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = () => {
      const ratio = window.devicePixelRatio || 1;
      const width = Math.round(measured.clientWidth * ratio);
      const height = Math.round(measured.clientHeight * ratio * lentShare(measured));
      // What is not shown has no size, and keeps its stream for when it is shown again.
      if (width > 0 && height > 0) {
        setSize((before) =>
          before?.width === width && before.height === height ? before : { width, height },
        );
      }
    };
    measure();
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(measure, SETTLED_MS);
    });
    observer.observe(measured);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [element]);
  return size;
}
