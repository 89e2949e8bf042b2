// SPDX-License-Identifier: Apache-2.0
import { useId } from 'react';
import type { Corners } from '../../api/motionMask';
import classes from './BoxEditor.module.css';

export interface Shape {
  points: Corners;
  /** Stands in it. */
  number?: number;
}

interface Props {
  shapes: Shape[];
  /** Hatched, or only with a dashed line around. */
  look: 'hatched' | 'dashed';
  /** The number of the one that is pointed at elsewhere. */
  marked?: number;
  testId: string;
}

/** Parts of a picture that are seen and cannot be drawn upon. */
export function Shapes({ shapes, look, marked, testId }: Props) {
  // As part of an address.
  const lines = useId().replace(/\W/g, '');
  return (
    <>
      <svg
        className={classes.shapes}
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        aria-hidden="true"
        data-look={look}
        data-testid={testId}
      >
        <pattern
          id={lines}
          width="0.02"
          height="0.02"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="0.02" height="0.02" />
          <line y2="0.02" />
        </pattern>
        {shapes.map(({ points, number }, index) => (
          <polygon
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike
            key={index}
            points={points.join(' ')}
            fill={look === 'hatched' ? `url(#${lines})` : 'none'}
            data-marked={(number !== undefined && number === marked) || undefined}
          />
        ))}
      </svg>
      {shapes.map(
        ({ points, number }) =>
          number !== undefined && (
            <span key={number} className={classes.shapeNumber} style={middleOf(points)} aria-hidden="true">
              {number}
            </span>
          ),
      )}
    </>
  );
}

function middleOf(points: Corners) {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return { left: `${mean(0) * 100}%`, top: `${mean(1) * 100}%` };
}
