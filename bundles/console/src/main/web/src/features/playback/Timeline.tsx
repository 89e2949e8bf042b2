// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconMinus, IconPlus, IconZoomScan } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceLock } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import type { TimelineBookmark } from '../../api/types';
import { wordFor } from '../../i18n';
import { Pinch } from '../../ui/pinch';
import { dateTime, duration } from '../../ui/time';
import { heightAt, type Motion, type SearchedMotion } from '../motion/motionLane';
import { MARKS_TOP, RULER_PX } from './drawTimeline';
import { KindsMenu } from './KindsMenu';
import { SelectionHandles } from './SelectionHandles';
import { type Selection, spanned } from './selection';
import classes from './Timeline.module.css';
import { TimelineTip } from './TimelineTip';
import { bookmarkAt, type Lane, momentAt } from './timelineData';
import { eventAt, type TimelineEvent } from './timelineEvents';
import {
  isLongest,
  notFarBeyond,
  panBy,
  rangeOf,
  showing,
  timeAt,
  type View,
  xOf,
  zoomAt,
} from './timeScale';
import { useHiddenKinds } from './useHiddenKinds';
import { useLiveView } from './useLiveView';
import { useLongest } from './useLongest';
import { namesAt, type Others } from './useOthers';
import { type Shown, usePainting } from './usePainting';

interface Props {
  cameraId: string;
  view: View;
  lane: Lane;
  /** Footage of other cameras that are looked at. */
  others?: Others;
  /** How much moved, as far as it is known. */
  motion?: Motion;
  /** Where a search has found motion. */
  searched?: SearchedMotion;
  /** Of this camera. */
  locks: EvidenceLock[];
  bookmarks: TimelineBookmark[];
  events: TimelineEvent[];
  /** Earlier ones are not among them. */
  eventsFrom?: number;
  chosen?: Selection;
  position: () => number;
  onView: (view: View) => void;
  /** `final` is false while the user still drags. */
  onSeek: (utcMs: number, final: boolean) => void;
  onChoose: (chosen: Selection | undefined) => void;
}

interface Drag {
  kind: 'pan' | 'scrub' | 'choose';
  startX: number;
  lastX: number;
  moved: boolean;
}

const HEIGHT_PX = 82;
const CLICK_PX = 4;
const HANDLE_PX = 9;
const MARK_SLACK_PX = 6;
const WHEEL_STEP = 0.0022;
const BUTTON_FACTOR = 2;
/** No double click takes longer than this. */
const DOUBLE_MS = 700;

/**
 * Time from left to right: wheel and two fingers zoom where they are, a double click shows 30 days or what was shown before,
 * dragging the lane pans, a click or dragging the handle or the ruler seeks, dragging with Shift chooses a stretch, a click
 * on a bookmark goes to where it begins. Everything has a key or a button too.
 */
export function Timeline({
  cameraId,
  view,
  lane,
  others,
  motion,
  searched,
  locks,
  bookmarks,
  events: happened,
  eventsFrom,
  chosen,
  position,
  onView,
  onSeek,
  onChoose,
}: Props) {
  const { t, i18n } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number>();
  const drag = useRef<Drag | undefined>(undefined);
  const [pinch] = useState(() => new Pinch());
  const held = useMemo(() => locks.map(lockedSpan), [locks]);
  const hidden = useHiddenKinds((kinds) => kinds.hidden);
  const events = useMemo(() => happened.filter(({ kind }) => !hidden.includes(kind)), [happened, hidden]);
  const scene = {
    view,
    lane,
    others: others?.spans,
    motion,
    searched,
    hoverX: hover,
    locks: held,
    bookmarks,
    events,
    chosen,
  };
  const latest = useRef<Shown>(scene);
  const live = useLiveView(view);
  useLayoutEffect(() => {
    latest.current = { ...scene, view: live.now() };
  });

  usePainting(canvas, HEIGHT_PX, latest, position, i18n.language);

  const change = useCallback(
    (next: View) => {
      const kept = notFarBeyond(next, serverClock.now());
      latest.current = { ...latest.current, view: kept };
      live.move(kept);
      // The canvas has it at the next animation frame; all else of the page follows when there is time.
      startTransition(() => onView(kept));
    },
    [onView, live],
  );

  // React's wheel listener is passive: the page would scroll.
  useEffect(() => {
    // The handles of a chosen stretch lie over the frame, so the wheel is listened to around both.
    const element = field.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element?.getBoundingClientRect();
      if (!box) {
        return;
      }
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      const { view: now } = latest.current;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        change(panBy(now, box.width, event.deltaX * lines));
      } else {
        const factor = Math.exp(event.deltaY * lines * WHEEL_STEP);
        change(zoomAt(now, box.width, event.clientX - box.left, factor));
      }
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [change]);

  const turn = useLongest(live, change);
  /** Where it was played before the first of two clicks, each of which seeks. */
  const pressed = useRef({ atMs: Number.NEGATIVE_INFINITY, position: 0 });

  const place = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width };
  };

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0) {
      return;
    }
    const { x, y, width } = place(event);
    if (event.pointerType === 'touch' && pinch.down(event.pointerId, x, y)) {
      // What one finger began, two do not go on with.
      drag.current = undefined;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      return;
    }
    if (event.timeStamp - pressed.current.atMs > DOUBLE_MS) {
      pressed.current = { atMs: event.timeStamp, position: position() };
    }
    const onHandle = Math.abs(xOf(live.now(), width, position()) - x) <= HANDLE_PX;
    const scrub = !event.shiftKey && (onHandle || y < RULER_PX);
    const kind = event.shiftKey ? 'choose' : scrub ? 'scrub' : 'pan';
    drag.current = { kind, startX: x, lastX: x, moved: false };
    event.currentTarget.setPointerCapture?.(event.pointerId);
    if (scrub && !onHandle) {
      onSeek(timeAt(live.now(), width, x), false);
    }
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    const { x, y, width } = place(event);
    const pinched = pinch.move(event.pointerId, x, y);
    if (pinched) {
      const zoomed = zoomAt(latest.current.view, width, pinched.x - pinched.dx, 1 / pinched.factor);
      change(panBy(zoomed, width, -pinched.dx));
      return;
    }
    setHover(x);
    const active = drag.current;
    if (!active) {
      return;
    }
    active.moved ||= Math.abs(x - active.startX) > CLICK_PX;
    if (active.kind === 'scrub') {
      onSeek(timeAt(live.now(), width, x), false);
    } else if (active.kind === 'choose') {
      if (active.moved) {
        onChoose(spanned(timeAt(live.now(), width, active.startX), timeAt(live.now(), width, x)));
      }
    } else if (active.moved) {
      change(panBy(latest.current.view, width, active.lastX - x));
      active.lastX = x;
    }
  }

  const slackMs = (width: number) => (rangeOf(live.now()) / Math.max(1, width)) * MARK_SLACK_PX;

  function onPointerUp(event: PointerEvent<HTMLDivElement>) {
    const { x, y, width } = place(event);
    pinch.up(event.pointerId);
    const active = drag.current;
    drag.current = undefined;
    if (active?.kind === 'choose') {
      if (!active.moved) {
        onChoose(undefined);
      }
    } else if (active && (active.kind === 'scrub' || !active.moved)) {
      const here = timeAt(live.now(), width, x);
      const onMarks = y >= MARKS_TOP && !active.moved;
      const mark = onMarks
        ? (bookmarkAt(bookmarks, here, slackMs(width)) ?? eventAt(events, here, slackMs(width)))
        : undefined;
      onSeek(mark ? mark.start : here, true);
    }
  }

  function onDoubleClick(event: MouseEvent) {
    if (!event.shiftKey) {
      const { x, width } = place(event);
      onSeek(pressed.current.position || position(), true);
      turn(width, x);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    const big = rangeOf(live.now()) / 10;
    switch (event.key) {
      case 'PageUp':
        onSeek(position() - big, true);
        break;
      case 'PageDown':
        onSeek(position() + big, true);
        break;
      case '+':
      case '=':
        zoomBy(1 / BUTTON_FACTOR);
        break;
      case '-':
        zoomBy(BUTTON_FACTOR);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const describe = (utcMs: number): string => {
    const moment = momentAt(lane, utcMs, serverClock.now());
    if (moment.kind === 'gap') {
      return t('timeline.gap', { cause: wordFor('cause', moment.gap.cause) });
    }
    const said = t(`timeline.${moment.kind}`);
    return moment.kind === 'recorded' && motion ? `${said}, ${moves(utcMs)}` : said;
  };

  const moves = (utcMs: number): string => {
    const height = heightAt(motion, utcMs);
    return height === undefined
      ? t('timeline.motionUnknown')
      : t('timeline.motion', { percent: Math.round(100 * height) });
  };

  /** The position where it is to be seen, else the middle. */
  const anchorX = () => {
    const width = frame.current?.clientWidth ?? 1000;
    const here = xOf(live.now(), width, position());
    return here >= 0 && here <= width ? here : width / 2;
  };

  const zoomBy = (factor: number) =>
    change(zoomAt(live.now(), frame.current?.clientWidth ?? 1000, anchorX(), factor));

  const width = frame.current?.clientWidth ?? 0;
  const hoverTime = hover === undefined || width === 0 ? undefined : timeAt(view, width, hover);
  const hoverLock =
    hoverTime === undefined
      ? undefined
      : locks[held.findIndex(({ from, to }) => hoverTime >= from && hoverTime < to)];
  const hoverBookmark =
    hoverTime === undefined ? undefined : bookmarkAt(bookmarks, hoverTime, slackMs(width));

  return (
    <div className={classes.timeline} dir="ltr">
      <div ref={field} className={classes.field}>
        <div
          ref={frame}
          className={classes.frame}
          style={{ height: HEIGHT_PX }}
          role="slider"
          tabIndex={0}
          aria-label={t('timeline.title')}
          aria-valuemin={Math.round((lane.first ?? view.from) / 1000)}
          aria-valuemax={Math.round((lane.last ?? view.to) / 1000)}
          aria-valuenow={Math.round(position() / 1000)}
          aria-valuetext={`${dateTime(position())}, ${describe(position())}`}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={(event) => {
            pinch.up(event.pointerId);
            drag.current = undefined;
          }}
          onPointerLeave={() => setHover(undefined)}
          onDoubleClick={onDoubleClick}
          onKeyDown={onKeyDown}
          data-testid="timeline"
          data-from={Math.round(view.from)}
          data-to={Math.round(view.to)}
          data-locks={held.length}
          data-bookmarks={bookmarks.length}
          data-events={events.length}
          data-others={others?.spans.length}
          data-moving={motion?.heights.filter((height) => height > 0).length}
          data-found={searched?.found.length}
          data-chosen={chosen ? `${Math.round(chosen.from)}-${Math.round(chosen.to)}` : undefined}
        >
          <canvas ref={canvas} className={classes.canvas} style={{ height: HEIGHT_PX }} />
          {hoverTime !== undefined && hover !== undefined && (
            <TimelineTip
              cameraId={cameraId}
              x={hover}
              width={width}
              utcMs={hoverTime}
              moment={momentAt(lane, hoverTime, serverClock.now())}
              text={describe(hoverTime)}
              withoutEvents={eventsFrom !== undefined && hoverTime < eventsFrom}
              others={namesAt(others, hoverTime)}
              event={eventAt(events, hoverTime, slackMs(width))}
              bookmark={hoverBookmark}
              lock={hoverLock}
            />
          )}
        </div>
        {chosen && <SelectionHandles view={view} chosen={chosen} onChoose={onChoose} />}
      </div>
      <div className={classes.zoom}>
        <div className={classes.zoomRow}>
          <Tooltip label={t('timeline.zoomIn')}>
            <ActionIcon size="sm" aria-label={t('timeline.zoomIn')} onClick={() => zoomBy(1 / BUTTON_FACTOR)}>
              <IconPlus size={15} />
            </ActionIcon>
          </Tooltip>
          <KindsMenu events={happened} />
        </div>
        <Tooltip label={t(isLongest(view) ? 'timeline.lessAgain' : 'timeline.longest')}>
          <UnstyledButton
            className={classes.range}
            aria-label={t(isLongest(view) ? 'timeline.rangeLessAgain' : 'timeline.rangeLongest', {
              range: duration(rangeOf(view)),
            })}
            onClick={() => turn(frame.current?.clientWidth ?? 1000, anchorX())}
            data-testid="timeline-longest"
          >
            {duration(rangeOf(view))}
          </UnstyledButton>
        </Tooltip>
        <div className={classes.zoomRow}>
          <Tooltip label={t('timeline.zoomOut')}>
            <ActionIcon size="sm" aria-label={t('timeline.zoomOut')} onClick={() => zoomBy(BUTTON_FACTOR)}>
              <IconMinus size={15} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('timeline.zoomChosen')}>
            <ActionIcon
              size="sm"
              aria-label={t('timeline.zoomChosen')}
              disabled={!chosen}
              onClick={() => chosen && change(showing(chosen))}
              data-testid="timeline-zoom-chosen"
            >
              <IconZoomScan size={15} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
    </div>
  );
}

function lockedSpan(lock: EvidenceLock): Selection {
  return { from: new Date(lock.from).getTime(), to: new Date(lock.to).getTime() };
}
