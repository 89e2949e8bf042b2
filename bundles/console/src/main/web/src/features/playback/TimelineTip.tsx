// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import type { EvidenceLock } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import type { Gap, TimelineBookmark } from '../../api/types';
import { causeSentence } from '../../ui/serverText';
import { dateTime, duration, offsetTail } from '../../ui/time';
import { kindText } from '../events/kindText';
import { HoverPicture } from './HoverPicture';
import classes from './Timeline.module.css';
import type { Moment } from './timelineData';
import type { TimelineEvent } from './timelineEvents';

interface Props {
  cameraId: string;
  x: number;
  width: number;
  utcMs: number;
  moment: Moment;
  /** What the moment is, in words. */
  text: string;
  /** Events are not marked there. */
  withoutEvents: boolean;
  /** Names of other cameras that are looked at and have footage then. */
  others: readonly string[];
  event?: TimelineEvent;
  bookmark?: TimelineBookmark;
  lock?: EvidenceLock;
}

/** What is known of the moment under the pointer, with its picture. */
export function TimelineTip(props: Props) {
  const { cameraId, x, width, utcMs, moment, text, withoutEvents, others, event, bookmark, lock } = props;
  const { t } = useTranslation();
  const kinds = useEventKinds().data ?? [];
  return (
    <div
      className={classes.tip}
      style={{ left: x, transform: withinFrame(x, width) }}
      data-testid="timeline-tip"
    >
      {moment.kind === 'recorded' && <HoverPicture cameraId={cameraId} utcMs={utcMs} />}
      <strong>
        {dateTime(utcMs)}
        {offsetTail(utcMs)}
      </strong>
      <span>{text}</span>
      {moment.kind === 'gap' && (
        <span>
          {duration((moment.gap.end ?? serverClock.now()) - moment.gap.start)}
          {gapText(moment.gap)}
        </span>
      )}
      {others.length > 0 && <span>{othersText(others)}</span>}
      {event && <span>{t('timeline.event', { kind: kindText(event.kind, kinds) })}</span>}
      {withoutEvents && <span>{t('timeline.eventsLeftOut')}</span>}
      {bookmark && <span>{t('timeline.bookmark', { title: bookmark.title })}</span>}
      {lock && (
        <span>
          {t('timeline.locked')}
          {lock.reason ? `: ${lock.reason}` : ''}
        </span>
      )}
    </div>
  );
}

/** So many have room. */
const NAMES_MAX = 4;

function othersText(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).join(', ');
  const more = names.length - NAMES_MAX;
  return more > 0
    ? i18next.t('timeline.othersMore', { names: shown, count: more })
    : i18next.t('timeline.others', { names: shown });
}

/** In the middle above its moment, but for the ends, where it would be cut off. Percents are of its own width. */
const withinFrame = (x: number, width: number) =>
  `translateX(max(${-x}px, min(-50%, calc(${width - x}px - 100%))))`;

/** What is known of a gap beyond its cause. */
function gapText({ cause, detail }: Gap): string {
  const text = causeSentence(cause, detail);
  return text ? ` · ${text}` : '';
}
