// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect } from 'react';
import { serverClock } from '../../api/serverClock';
import { drawTimeline, type Palette, type Scene } from './drawTimeline';
import { readPalette } from './readPalette';
import { rangeOf } from './timeScale';

/** What the page knows; the rest of a scene is that of the moment. */
export type Shown = Omit<Scene, 'nowMs' | 'positionMs' | 'palette'>;

/** What is compared as it is, for it is another one when it has changed. */
const WHOLE = ['lane', 'others', 'motion', 'searched', 'locks', 'bookmarks', 'events'] as const;
const NOW_STEP_MS = 250;

/**
 * Paints the timeline at every animation frame in which something to be seen has changed.
 *
 * @param language another one changes the labels
 */
export function usePainting(
  canvas: RefObject<HTMLCanvasElement | null>,
  height: number,
  latest: RefObject<Shown>,
  position: () => number,
  language: string,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: see the language above
  useEffect(() => {
    let request = 0;
    let painted = '';
    let before: Shown | undefined;
    let palette: Palette | undefined;
    const paint = () => {
      request = requestAnimationFrame(paint);
      const element = canvas.current;
      const context = element?.getContext('2d');
      if (!element || !context) {
        return;
      }
      const width = element.clientWidth;
      const ratio = window.devicePixelRatio || 1;
      const shown = latest.current;
      const nowMs = serverClock.now();
      const positionMs = position();
      const scheme = document.documentElement.dataset.mantineColorScheme;
      const pixel = rangeOf(shown.view) / Math.max(1, width);
      const key = [
        shown.view.from,
        shown.view.to,
        width,
        ratio,
        shown.hoverX,
        Math.round(positionMs / pixel),
        Math.round(nowMs / Math.max(pixel, NOW_STEP_MS)),
        shown.chosen?.from,
        shown.chosen?.to,
        scheme,
      ].join();
      if (key === painted && WHOLE.every((part) => before?.[part] === shown[part])) {
        return;
      }
      if (!palette || !painted.endsWith(String(scheme))) {
        palette = readPalette(element);
      }
      painted = key;
      before = shown;
      if (element.width !== Math.round(width * ratio)) {
        element.width = Math.round(width * ratio);
        element.height = Math.round(height * ratio);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawTimeline(context, width, height, { ...shown, nowMs, positionMs, palette });
    };
    request = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(request);
  }, [canvas, height, latest, position, language]);
}
