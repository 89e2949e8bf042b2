// SPDX-License-Identifier: Apache-2.0
import { useLayoutEffect, useState } from 'react';
import type { View } from './timeScale';

/** What stretch of time is drawn: ahead of the page, while it is moved by hand faster than the page follows. */
export interface LiveView {
  now(): View;
  /** Drawn at once; the page is told of it too. */
  move(view: View): void;
  /** The page has this one. */
  told(view: View): void;
}

export function liveView(first: View): LiveView {
  let page = first;
  let drawn = first;
  /** Of those moved here; the page comes to them one after the other, or leaves some out. */
  const moved = new WeakSet<View>();
  let last: View | undefined;
  return {
    now: () => drawn,
    move: (view) => {
      moved.add(view);
      last = view;
      drawn = view;
    },
    told: (view) => {
      // An earlier one of ours is on its way to the one that is drawn.
      if (view !== page && (!moved.has(view) || view === last)) {
        drawn = view;
      }
      page = view;
    },
  };
}

export function useLiveView(view: View): LiveView {
  const [live] = useState(() => liveView(view));
  // Not while rendering: React may throw away what it began, and begin again with an older one.
  useLayoutEffect(() => live.told(view), [live, view]);
  return live;
}
