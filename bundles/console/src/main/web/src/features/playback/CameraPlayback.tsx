// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useCameraEvents } from '../../api/events';
import { useLocks } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import { useTimeline } from '../../api/timeline';
import type { Camera } from '../../api/types';
import { wordFor } from '../../i18n';
import type { SkipNotice } from '../../player/archive/film';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { dateTime, duration } from '../../ui/time';
import { toast } from '../../ui/toast';
import { type TakePicture, takePicture } from '../../ui/usePictures';
import { KEY_FACTOR, type Zooming } from '../../ui/zoom/useZoom';
import { ExtensionLanes } from '../extensions/ExtensionLanes';
import { useOwnPlace } from '../live/useOwnPlace';
import { useWall } from '../live/useWall';
import { MotionPanel } from '../motion/MotionPanel';
import { useMotion } from '../motion/useMotion';
import { useMotionFindings } from '../motion/useMotionFindings';
import { togetherAddress, windowAddress } from '../together/address';
import { CameraChoice } from '../together/CameraChoice';
import classes from './CameraPlayback.module.css';
import { Controls } from './Controls';
import { mayFill } from './FillDialog';
import type { FootageTask } from './FootageMenu';
import { FootageTasks } from './FootageTasks';
import { type Missed, missedOf } from './missed';
import { isPlayed, LEAD_MS, momentOf } from './moment';
import { PlaybackNotice } from './PlaybackNotice';
import { PlaybackStage } from './PlaybackStage';
import { SeekQueue } from './seekQueue';
import { beginningAt, endingAt, type Selection } from './selection';
import { speedIn, withSpeed } from './speed';
import { Timeline } from './Timeline';
import { bookmarksOf, laneOf, momentAt } from './timelineData';
import { eventBeside, markedFrom, marksOf } from './timelineEvents';
import { centredOn, queryRange, rangeOf, showing, type View } from './timeScale';
import { useArchivePlayer } from './useArchivePlayer';
import { markedOf } from './useHiddenKinds';
import { useOthers } from './useOthers';
import { usePlaybackKeys } from './usePlaybackKeys';
import { rateBeside, usePlaying } from './usePlaying';
import { useToChunk } from './useToChunk';

const RANGE_FIRST_MS = 3600_000;
const START_BEFORE_NOW_MS = 30_000;
const BUCKETS = 4000;
const URL_EVERY_MS = 3_000;
const TIMELINE_REFETCH_MS = 5_000;
const EVENTS_REFETCH_MS = 15_000;

/** Of the moments the page itself has put into the address. */
const WRITTEN_MAX = 16;

export function CameraPlayback({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [start] = useState(() => momentOf(search.get('t')) ?? serverClock.now() - START_BEFORE_NOW_MS);
  const [view, setView] = useState<View>(() => centredOn(start, RANGE_FIRST_MS, 0.7));
  const [skip, setSkip] = useState<SkipNotice>();
  const [chosen, setChosen] = useState<Selection>();
  const [task, setTask] = useState<FootageTask>();
  const allLocks = useLocks(mayWith(camera, 'lock_evidence')).data;
  const locks = useMemo(
    () => allLocks?.filter((lock) => lock.cameraIds.includes(camera.id)) ?? [],
    [allLocks, camera.id],
  );
  const host = useRef<HTMLDivElement>(null);
  const zooming = useRef<Zooming>(undefined);
  const goTo = useRef<HTMLInputElement>(null);
  const onBeginning = useRef(() => {});
  const { player, state } = useArchivePlayer(camera.id, mayWith(camera, 'listen'), host, setSkip, () =>
    onBeginning.current(),
  );
  const { direction, rate, toggle, faster, changeRate, stopped } = usePlaying(player, speedIn(search));
  onBeginning.current = stopped;
  const playing = direction !== 0;

  const range = queryRange(view, serverClock.now());
  const growing = range.to > serverClock.now();
  const timeline = useTimeline(
    camera.id,
    range.from,
    range.to,
    BUCKETS,
    growing ? TIMELINE_REFETCH_MS : undefined,
  );
  const lane = useMemo(() => laneOf(timeline.data, camera.id), [timeline.data, camera.id]);
  const bookmarks = bookmarksOf(timeline.data);
  const happened = useCameraEvents(camera.id, range.from, range.to, growing ? EVENTS_REFETCH_MS : undefined);
  const events = useMemo(() => marksOf(happened.data), [happened.data]);

  const motion = useMotion(camera.id, view);

  const others = useOthers(camera.id, range, growing ? EVENTS_REFETCH_MS : undefined);

  const [missed, setMissed] = useState<Missed>();
  /** What was asked for last from a little before it, and from when. */
  const lead = useRef<{ fromMs: number; wantedMs: number }>(undefined);
  const seeks = useMemo(
    () =>
      player &&
      new SeekQueue(async (askedMs) => {
        setMissed(undefined);
        const shownMs = await player.seek(askedMs);
        const nothing = player.state().phase === 'no-footage';
        const wantedMs = askedMs === lead.current?.fromMs ? lead.current.wantedMs : askedMs;
        setMissed(missedOf(askedMs, nothing ? undefined : shownMs, wantedMs));
        if (!nothing) {
          setView((before) =>
            shownMs < before.from || shownMs > before.to ? centredOn(shownMs, rangeOf(before), 0.5) : before,
          );
        }
      }),
    [player],
  );
  const position = useCallback(
    () => seeks?.pending() ?? (player?.position() || start),
    [player, seeks, start],
  );

  useOwnPlace(() => windowAddress(togetherAddress([camera.id], position())));

  // Several may be on their way to the address when steps follow each other quickly.
  const written = useRef<string[]>([]);
  const speed = useRef(rate);
  const writeAddress = useCallback(
    (utcMs: number) => {
      const moment = new Date(utcMs).toISOString();
      written.current = [...written.current, moment].slice(-WRITTEN_MAX);
      setSearch(withSpeed(new URLSearchParams({ t: moment }), speed.current), {
        replace: true,
        preventScrollReset: true,
      });
    },
    [setSearch],
  );
  useEffect(() => {
    if (speed.current !== rate) {
      speed.current = rate;
      writeAddress(position());
    }
  }, [rate, position, writeAddress]);

  const seekTo = useCallback(
    (utcMs: number, final = true) => {
      const target = Math.max(0, Math.min(utcMs, serverClock.now()));
      setSkip(undefined);
      seeks?.request(target);
      if (final) {
        writeAddress(target);
        setView((before) =>
          target < before.from || target > before.to ? centredOn(target, rangeOf(before), 0.5) : before,
        );
      }
    },
    [seeks, writeAddress],
  );

  const play = useCallback(
    (there: -1 | 1) => {
      setMissed(undefined);
      toggle(there);
    },
    [toggle],
  );

  // The first picture, and again when the address is changed from outside (a link, back and forward).
  const asked = search.get('t');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the address and a new player count
  useEffect(() => {
    if (player && (player.position() === 0 || (asked !== null && !written.current.includes(asked)))) {
      const moment = momentOf(asked) ?? start;
      written.current = asked === null ? [] : [asked];
      const happening = asked !== null && isPlayed(search);
      lead.current = happening ? { fromMs: moment, wantedMs: moment + LEAD_MS } : undefined;
      seeks?.request(moment);
      if (happening && direction !== 1) {
        play(1);
      }
      setView((before) =>
        moment < before.from || moment > before.to ? centredOn(moment, rangeOf(before)) : before,
      );
    }
  }, [player, asked]);

  // While playing the address and the view follow.
  useEffect(() => {
    if (!playing) {
      return;
    }
    const timer = setInterval(() => {
      const here = position();
      writeAddress(here);
      setView((before) => {
        const inView = here >= before.from && here <= before.to;
        const rim = rangeOf(before) * 0.04;
        if (inView && direction > 0 && here > before.to - rim) {
          return centredOn(here, rangeOf(before), 0.2);
        }
        return inView && direction < 0 && here < before.from + rim
          ? centredOn(here, rangeOf(before), 0.8)
          : before;
      });
    }, URL_EVERY_MS);
    return () => clearInterval(timer);
  }, [playing, direction, position, writeAddress]);

  const step = useCallback(
    (pictures: number) => {
      stopped();
      void player?.step(pictures).then((shown) => {
        writeAddress(shown);
      });
    },
    [player, stopped, writeAddress],
  );

  const jump = useCallback((ms: number) => seekTo(position() + ms), [position, seekTo]);

  const toChunk = useToChunk(player, position, seekTo);

  const toLive = useCallback(() => {
    useWall.getState().add(camera.id);
    useWall.getState().maximise(camera.id);
    navigate('/live');
  }, [camera.id, navigate]);

  const findings = useMotionFindings(camera.id, position, (fromMs, wantedMs) => {
    lead.current = { fromMs, wantedMs };
    seekTo(fromMs);
    if (!playing) {
      play(1);
    }
  });
  const onTask = (next: FootageTask) => (next === 'motion' ? findings.open() : setTask(next));

  const picture = (how: TakePicture) => takePicture(player, camera.name, how);

  usePlaybackKeys({
    toggle: () => play(playing && direction < 0 ? -1 : 1),
    faster: (there) => {
      setMissed(undefined);
      faster(there);
    },
    changeSpeed: (there) => changeRate(rateBeside(rate, there)),
    step,
    jump,
    toChunk,
    toOldest: () => lane.first !== undefined && seekTo(lane.first),
    toLive,
    toEvent: (there) => {
      const event = eventBeside(markedOf(events), position(), there);
      if (event) {
        seekTo(event.start);
      } else {
        toast(t(there > 0 ? 'playback.noLaterEvent' : 'playback.noEarlierEvent'));
      }
    },
    zoom: (steps) => (steps === 0 ? zooming.current?.reset() : zooming.current?.by(KEY_FACTOR ** steps)),
    chooseFrom: () => setChosen((before) => beginningAt(position(), before, serverClock.now())),
    chooseTo: () => setChosen((before) => endingAt(position(), before)),
    chooseNone: () => setChosen(undefined),
    zoomChosen: () => chosen && setView(showing(chosen)),
    bookmark: () => setTask('bookmark'),
    exportFootage: () => mayWith(camera, 'export') && setTask('export'),
    listRecordings: () => setTask('recordings'),
    goTo: () => goTo.current?.select(),
    searchMotion: findings.open,
    toFound: findings.beside,
  });
  const closeTask = useCallback(() => setTask(undefined), []);
  const leaveFor = useCallback(
    (utcMs: number) => {
      setTask(undefined);
      seekTo(utcMs);
    },
    [seekTo],
  );

  const moment = momentAt(lane, missed?.askedMs ?? position(), serverClock.now());
  const cause = moment.kind === 'gap' ? wordFor('cause', moment.gap.cause) : undefined;
  const gap =
    moment.kind === 'gap' && moment.gap.end !== undefined
      ? { from: moment.gap.start, to: moment.gap.end }
      : undefined;
  return (
    <div className={classes.page}>
      <div className={classes.work}>
        <PlaybackStage
          camera={camera}
          host={host}
          player={player}
          phase={state.phase}
          position={position}
          zooming={zooming}
        >
          <PlaybackNotice state={state} cause={cause ?? (missed ? t('playback.noneAtAll') : undefined)} />
          {missed?.shownMs !== undefined && moment.kind !== 'recorded' && (
            <div className={classes.skip} role="status" data-testid="elsewhere-notice">
              {t('playback.elsewhere', {
                asked: dateTime(missed.askedMs),
                cause: cause ? ` (${cause})` : '',
                shown: dateTime(missed.shownMs),
              })}{' '}
              {gap && mayFill(camera) && (
                <Button
                  size="compact-xs"
                  variant="light"
                  onClick={() => setTask('fill')}
                  data-testid="gap-fill"
                >
                  {t('playback.fillGap')}
                </Button>
              )}
            </div>
          )}
          {skip && (
            <div className={classes.skip} role="status" data-testid="skip-notice">
              {t('playback.skipped', {
                length: duration(skip.toMs - skip.fromMs),
                time: dateTime(skip.toMs),
              })}
            </div>
          )}
        </PlaybackStage>
        {findings.shown && (
          <MotionPanel
            camera={camera}
            range={chosen ?? { from: view.from, to: Math.min(view.to, serverClock.now()) }}
            chosen={chosen !== undefined}
            position={position}
            searching={findings.searching}
            current={findings.current}
            onPlay={findings.play}
            onClose={findings.close}
          />
        )}
      </div>
      <Controls
        camera={camera}
        direction={direction}
        rate={rate}
        player={player}
        position={position}
        goTo={goTo}
        onToggle={play}
        onStep={step}
        onJump={jump}
        onRate={changeRate}
        onSeek={(utcMs) => seekTo(utcMs)}
        onLive={toLive}
        onPicture={picture}
        onFootage={onTask}
        motion
        cameras={
          <CameraChoice
            chosen={[camera.id]}
            onChoose={(ids) =>
              navigate(togetherAddress([camera.id, ...ids.filter((id) => id !== camera.id)], position()))
            }
          />
        }
      />
      {timeline.error && !timeline.data && (
        <div className={classes.problem} role="alert">
          {problemText(timeline.error)}
        </div>
      )}
      <Timeline
        cameraId={camera.id}
        view={view}
        lane={lane}
        others={others}
        motion={motion}
        searched={findings.searched}
        locks={locks}
        bookmarks={bookmarks}
        events={events}
        eventsFrom={markedFrom(happened.data)}
        chosen={chosen}
        position={position}
        onView={setView}
        onSeek={seekTo}
        onChoose={setChosen}
      />
      <ExtensionLanes
        cameraId={camera.id}
        view={view}
        range={range}
        refetchMs={growing ? EVENTS_REFETCH_MS : undefined}
        position={position}
        onGo={seekTo}
      />
      <FootageTasks
        task={task}
        camera={camera}
        exported={[camera.id]}
        locks={locks}
        chosen={chosen}
        gap={gap}
        position={position}
        onGo={leaveFor}
        onPlay={(utcMs) => {
          leaveFor(utcMs);
          if (direction <= 0) {
            play(1);
          }
        }}
        onClose={closeTask}
      />
    </div>
  );
}
