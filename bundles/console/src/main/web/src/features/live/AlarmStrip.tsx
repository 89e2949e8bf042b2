// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import { useCameras } from '../../api/queries';
import type { Camera, EventItem, StreamName } from '../../api/types';
import { useLiveWish } from '../../player/live/liveWish';
import { clockTime, offsetTail } from '../../ui/time';
import { useAlarms } from '../alerts/useAlarms';
import { kindText } from '../events/kindText';
import { SeverityIcon } from '../events/SeverityIcon';
import classes from './AlarmStrip.module.css';
import { LENT } from './lentRoom';
import { othersThan, SMALLEST, streamFor } from './streamChoice';
import { TileNotice } from './TileNotice';
import { useLivePlayer } from './useLivePlayer';
import { useWall } from './useWall';

const LOOK_MS = 1_000;
/** About what a tile has. */
const SIZE = { width: 480, height: 270 };

/** Cameras at which something has happened, as the alerts of this browser say, beside a wall that stays as it is. */
export function AlarmStrip() {
  const { t } = useTranslation();
  const alarms = useAlarms((state) => state.alarms);
  const cameras = useCameras().data ?? [];
  const some = alarms.length > 0;
  useEffect(() => {
    if (some) {
      useAlarms.getState().expire();
      const timer = setInterval(() => useAlarms.getState().expire(), LOOK_MS);
      return () => clearInterval(timer);
    }
  }, [some]);
  const shown = alarms.flatMap(({ cameraId, event, untilMs }) => {
    const camera = cameras.find(({ id }) => id === cameraId);
    // Alarms come on each page; those of a time when nobody was here open no stream.
    return untilMs > Date.now() && camera?.permissions.includes('view_live') ? [{ camera, event }] : [];
  });
  return shown.length === 0 ? null : (
    <section {...LENT} className={classes.strip} aria-label={t('alarms.title')} data-testid="alarm-strip">
      {shown.map(({ camera, event }) => (
        <AlarmTile key={camera.id} camera={camera} event={event} />
      ))}
    </section>
  );
}

function AlarmTile({ camera, event }: { camera: Camera; event: EventItem }) {
  const { t } = useTranslation();
  const kinds = useEventKinds().data ?? [];
  const host = useRef<HTMLDivElement>(null);
  const smallOnly = useLiveWish((wish) => wish.smallOnly);
  /** Asked for in place of one that this browser cannot show. */
  const [instead, setInstead] = useState<StreamName>();
  const stream = instead ?? streamFor(camera, smallOnly ? SMALLEST : SIZE);
  const { state } = useLivePlayer(camera.id, stream, host);
  const what = kindText(event.kind, kinds);
  return (
    <article
      className={classes.tile}
      aria-label={t('alarms.of', { name: camera.name, what })}
      data-severity={event.severity}
      data-testid={`alarm-${camera.id}`}
    >
      <div ref={host} className={classes.host} />
      <TileNotice camera={camera} state={state} others={othersThan(stream, camera)} onOther={setInstead} />
      <div className={classes.top} role="status">
        <SeverityIcon severity={event.severity} />
        <strong>{camera.name}</strong>
        <span>
          {clockTime(Date.parse(event.start))}
          {offsetTail(Date.parse(event.start))} · {what}
        </span>
      </div>
      <div className={classes.actions}>
        <Tooltip label={t('alarms.toWall')}>
          <ActionIcon
            color="gray.3"
            aria-label={`${t('alarms.toWall')}: ${camera.name}`}
            onClick={() => {
              useWall.getState().add(camera.id);
              useAlarms.getState().close(camera.id);
            }}
            data-testid={`alarm-wall-${camera.id}`}
          >
            <IconPlus size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('common.close')}>
          <ActionIcon
            color="gray.3"
            aria-label={`${t('common.close')}: ${camera.name}`}
            onClick={() => useAlarms.getState().close(camera.id)}
            data-testid={`alarm-close-${camera.id}`}
          >
            <IconX size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
    </article>
  );
}
