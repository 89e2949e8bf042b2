// SPDX-License-Identifier: Apache-2.0
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../ui/time';
import { moved, type Selection } from './selection';
import classes from './Timeline.module.css';
import { rangeOf, timeAt, type View } from './timeScale';

const STEP_MS = 1_000;
const BIG_STEP_MS = 10_000;

interface Props {
  view: View;
  chosen: Selection;
  onChoose: (chosen: Selection) => void;
}

/** Both ends of the chosen stretch, beside it, so that neither covers the other; to be dragged, or stepped by the arrow keys: a second, with Shift ten. */
export function SelectionHandles({ view, chosen, onChoose }: Props) {
  return (
    <>
      <Handle end="from" view={view} chosen={chosen} onChoose={onChoose} />
      <Handle end="to" view={view} chosen={chosen} onChoose={onChoose} />
    </>
  );
}

function Handle({ end, view, chosen, onChoose }: Props & { end: keyof Selection }) {
  const { t } = useTranslation();
  /** How far beside the end it was taken. */
  const held = useRef<number | undefined>(undefined);
  const share = (chosen[end] - view.from) / rangeOf(view);
  if (share < 0 || share > 1) {
    return null;
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (event.button === 0 && box) {
      held.current = event.clientX - (box.left + share * box.width);
      event.currentTarget.setPointerCapture?.(event.pointerId);
    }
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (held.current !== undefined && box) {
      const x = event.clientX - held.current - box.left;
      onChoose(moved(chosen, end, timeAt(view, Math.max(1, box.width), x)));
    }
  }

  const release = () => {
    held.current = undefined;
  };

  function onKeyDown(event: KeyboardEvent) {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (direction !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? BIG_STEP_MS : STEP_MS;
      onChoose(moved(chosen, end, chosen[end] + direction * step));
    }
  }

  return (
    <div
      className={classes.handle}
      data-end={end}
      style={{ left: `${share * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t(end === 'from' ? 'timeline.chosenFrom' : 'timeline.chosenTo')}
      aria-valuemin={Math.round(view.from / 1000)}
      aria-valuemax={Math.round(view.to / 1000)}
      aria-valuenow={Math.round(chosen[end] / 1000)}
      aria-valuetext={dateTime(chosen[end])}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={onKeyDown}
      data-testid={`chosen-${end}`}
    />
  );
}
