// SPDX-License-Identifier: Apache-2.0
import { Popover } from '@mantine/core';
import { useMediaQuery, useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Camera, EventItem } from '../../api/types';
import { clockTime } from '../../ui/time';
import classes from './EventPicture.module.css';
import { chiefOf, instantsOf, pictureOf, turns, usePreview } from './preview';
import { momentOf } from './whereOf';

/** Rows that are scrolled past ask for nothing. */
const SETTLES_MS = 200;
const FRAME_MS = 500;
/** A phone has no room beside the thumbnail. */
const NARROW = '(max-width: 48em)';

interface Props {
  event: EventItem;
  camera: Camera;
  /** What happened where. */
  label: string;
}

/** What was to be seen as it happened. Under the pointer, or with the focus, it plays; pressed it leads to the moment. */
export function EventPicture({ event, camera, label }: Props) {
  const { t } = useTranslation();
  const startMs = Date.parse(event.start);
  const [instants, setInstants] = useState<number[]>();
  const shown = usePreview((state) => state.of === event.id);
  const settled = useRef<() => void>(undefined);
  const narrow = useMediaQuery(NARROW);
  const cameraId = camera.id;
  useEffect(() => {
    const given = new AbortController();
    const look = async () => {
      const found = await instantsOf(cameraId, startMs, given.signal);
      if (!given.signal.aborted && found.length > 0) {
        setInstants(found);
        await new Promise<void>((done) => {
          settled.current = done;
          given.signal.addEventListener('abort', () => done());
        });
      }
    };
    const timer = setTimeout(() => turns.add(look, given.signal), SETTLES_MS);
    return () => {
      clearTimeout(timer);
      given.abort();
      usePreview.getState().hide(event.id);
    };
  }, [cameraId, startMs, event.id]);

  const chief = instants && chiefOf(instants, startMs);
  if (!instants || chief === undefined) {
    // Its place is kept, so that nothing moves when it comes.
    return <span className={classes.place} data-testid={`event-place-${event.id}`} />;
  }
  const show = () => usePreview.getState().show(event.id);
  const hide = () => usePreview.getState().hide(event.id);
  return (
    <Popover
      opened={shown}
      onChange={(open) => !open && hide()}
      position={narrow ? 'bottom-start' : 'right'}
      withRoles={false}
      shadow="md"
      offset={4}
    >
      <Popover.Target>
        <Link
          className={classes.thumbnail}
          to={momentOf(cameraId, event)}
          aria-label={t('events.preview', { what: label })}
          onMouseEnter={show}
          onMouseLeave={hide}
          onFocus={show}
          onBlur={hide}
          data-testid={`event-picture-${event.id}`}
        >
          <img
            src={pictureOf(cameraId, chief, 160)}
            alt=""
            onLoad={() => settled.current?.()}
            onError={() => {
              settled.current?.();
              setInstants([]);
            }}
          />
        </Link>
      </Popover.Target>
      <Popover.Dropdown p={4} onMouseEnter={show} onMouseLeave={hide}>
        {shown && <Playing cameraId={cameraId} instants={instants} chief={chief} />}
      </Popover.Dropdown>
    </Popover>
  );
}

interface PlayingProps {
  cameraId: string;
  instants: readonly number[];
  chief: number;
}

/** Its pictures one after the other, again and again; where people want no motion the one that tells most stands still. */
function Playing({ cameraId, instants, chief }: PlayingProps) {
  const still = useReducedMotion();
  const frames = still ? [chief] : instants;
  /** So many are there; the next is asked for when the one before has come. */
  const [loaded, setLoaded] = useState(0);
  const [at, setAt] = useState(0);
  useEffect(() => {
    if (loaded < 2) {
      return;
    }
    const timer = setInterval(() => setAt((before) => (before + 1) % loaded), FRAME_MS);
    return () => clearInterval(timer);
  }, [loaded]);
  const utcMs = frames[at];
  return (
    <div className={classes.preview} data-testid="event-preview" data-at={utcMs} data-loaded={loaded}>
      {frames.slice(0, loaded + 1).map((frame, n) => (
        <img
          key={frame}
          src={pictureOf(cameraId, frame, 320)}
          alt=""
          data-shown={n === at && n < loaded}
          onLoad={() => setLoaded((before) => Math.max(before, n + 1))}
        />
      ))}
      {loaded > 0 && utcMs !== undefined && <span className={classes.time}>{clockTime(utcMs)}</span>}
    </div>
  );
}
