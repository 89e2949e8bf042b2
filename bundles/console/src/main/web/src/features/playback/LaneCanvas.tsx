// SPDX-License-Identifier: Apache-2.0
import { type ComponentPropsWithoutRef, useEffect, useRef } from 'react';
import type { Palette } from './drawTimeline';
import classes from './LaneCanvas.module.css';
import { readPalette } from './readPalette';
import timeline from './Timeline.module.css';

interface Props extends Omit<ComponentPropsWithoutRef<'canvas'>, 'height'> {
  height: number;
  /** Called again and again, for the moment that is shown moves on; all in CSS pixels. */
  draw: (context: CanvasRenderingContext2D, width: number, palette: Palette) => void;
}

const PAINT_MS = 50;

/** Lanes below the timeline, on the same scale. What they show by colour has to be said in their `aria-label` too. */
export function LaneCanvas({ height, draw, ...rest }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ height, draw });
  latest.current = { height, draw };
  useEffect(() => {
    const paint = () => {
      const element = canvas.current;
      const context = element?.getContext('2d');
      if (!element || !context) {
        return;
      }
      const ratio = window.devicePixelRatio || 1;
      const width = element.clientWidth;
      element.width = Math.round(width * ratio);
      element.height = Math.round(latest.current.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      latest.current.draw(context, width, readPalette(element));
    };
    const timer = setInterval(paint, PAINT_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={`${timeline.palette} ${classes.lanes}`} dir="ltr">
      <canvas {...rest} ref={canvas} className={classes.canvas} style={{ height }} role="img" />
      <div className={classes.rim} />
    </div>
  );
}
