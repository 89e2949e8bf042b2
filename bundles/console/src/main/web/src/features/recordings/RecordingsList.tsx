// SPDX-License-Identifier: Apache-2.0
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../ui/bytes';
import { dateTime, duration, rangeText } from '../../ui/time';
import { causesText } from './causesText';
import classes from './RecordingsList.module.css';
import { indexAt, type Recording } from './recordings';

const ROW_PX = 50;
/** Where something is missing before it. */
const GAP_PX = 26;
const SCREENFUL = 8;

interface Props {
  /** The newest first. */
  recordings: readonly Recording[];
  positionMs: number;
  onPlay: (utcMs: number) => void;
}

/** Only the lines in view are in the document. Arrows choose one, Enter or a click plays it. */
export function RecordingsList({ recordings, positionMs, onPlay }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const current = indexAt(recordings, positionMs);
  const [active, setActive] = useState(current);
  const virtual = useVirtualizer({
    count: recordings.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ROW_PX + (recordings[index]?.missing ? GAP_PX : 0),
    getItemKey: (index) => recordings[index]?.from ?? index,
    overscan: 6,
    initialRect: { width: 560, height: 420 },
  });

  // Where it is played, in the middle.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is opened
  useLayoutEffect(() => {
    virtual.scrollToIndex(current, { align: 'center' });
    scroller.current?.focus();
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    const last = recordings.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + SCREENFUL,
      PageUp: active - SCREENFUL,
      Home: 0,
      End: last,
    };
    const step = steps[event.key];
    const chosen = recordings[active];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(last, step));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if ((event.key === 'Enter' || event.key === ' ') && chosen) {
      onPlay(chosen.from);
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={t('recordings.list')}
      aria-describedby="recordings-explained"
      aria-activedescendant={recordings[active] ? `recording-${recordings[active].from}` : undefined}
      onKeyDown={onKeyDown}
      data-count={recordings.length}
      data-testid="recordings"
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const one = recordings[item.index];
          return (
            one && (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the list
              <div
                key={one.from}
                id={`recording-${one.from}`}
                className={classes.row}
                style={{ top: item.start, height: item.size }}
                role="option"
                tabIndex={-1}
                aria-selected={item.index === active}
                aria-setsize={recordings.length}
                aria-posinset={item.index + 1}
                onClick={() => onPlay(one.from)}
                data-current={item.index === current || undefined}
                data-testid={`recording-${item.index + 1}`}
              >
                <span className={classes.when}>
                  {one.open
                    ? `${dateTime(one.from)} – ${t('recordings.goesOn')}`
                    : rangeText(one.from, one.to)}
                </span>
                <span className={classes.what}>
                  {duration(one.to - one.from)} · {bytes(one.bytes)}
                </span>
                {one.missing && (
                  <span className={classes.missing}>
                    {one.missing.causes.length > 0
                      ? t('recordings.missing', {
                          length: duration(one.missing.ms),
                          causes: causesText(one.missing.causes),
                        })
                      : t('recordings.missingUnexplained', { length: duration(one.missing.ms) })}
                  </span>
                )}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
