// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import type { EvidenceLock } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import type { Gap, TimelineBookmark } from '../../api/types';
import { causeSentence } from '../../ui/serverText';
import { dateTime, duration } from '../../ui/time';
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
  /** Other cameras that are looked at have footage then. */
  elsewhere?: boolean;
  event?: TimelineEvent;
  bookmark?: TimelineBookmark;
  lock?: EvidenceLock;
}

/** What is known of the moment under the pointer, with its picture. */
export function TimelineTip(props: Props) {
  const { cameraId, x, width, utcMs, moment, text, withoutEvents, elsewhere, event, bookmark, lock } = props;
  const { t } = useTranslation();
  const kinds = useEventKinds().data ?? [];
  return (
    <div
      className={classes.tip}
      style={{ left: x, transform: withinFrame(x, width) }}
      data-testid="timeline-tip"
    >
      {moment.kind === 'recorded' && <HoverPicture cameraId={cameraId} utcMs={utcMs} />}
      <strong>{dateTime(utcMs)}</strong>
      <span>{text}</span>
      {moment.kind === 'gap' && (
        <span>
          {duration((moment.gap.end ?? serverClock.now()) - moment.gap.start)}
          {gapText(moment.gap)}
        </span>
      )}
      {elsewhere && moment.kind !== 'recorded' && <span>{t('timeline.elsewhere')}</span>}
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

/** In the middle above its moment, but for the ends, where it would be cut off. Percents are of its own width. */
const withinFrame = (x: number, width: number) =>
  `translateX(max(${-x}px, min(-50%, calc(${width - x}px - 100%))))`;

/** What is known of a gap beyond its cause. */
function gapText({ cause, detail }: Gap): string {
  const text = causeSentence(cause, detail);
  return text ? ` · ${text}` : '';
}
