// SPDX-License-Identifier: Apache-2.0
import { type CSSProperties, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useCameraEvents } from '../../api/events';
import { useLocks } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import { useTimeline } from '../../api/timeline';
import type { Camera } from '../../api/types';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import type { SkipNotice } from '../../player/archive/film';
import { mayWith } from '../../ui/permissions';
import { dateTime, duration } from '../../ui/time';
import { toast } from '../../ui/toast';
import { takePicture } from '../../ui/usePictures';
import { useOwnPlace } from '../live/useOwnPlace';
import { useWall } from '../live/useWall';
import { Controls } from '../playback/Controls';
import type { FootageTask } from '../playback/FootageMenu';
import { FootageTasks } from '../playback/FootageTasks';
import { momentOf } from '../playback/moment';
import { beginningAt, endingAt, type Selection } from '../playback/selection';
import { speedIn } from '../playback/speed';
import { Timeline } from '../playback/Timeline';
import { bookmarksOf, EMPTY_LANE, laneOf } from '../playback/timelineData';
import { eventBeside, markedFrom, marksOf } from '../playback/timelineEvents';
import { centredOn, queryRange, rangeOf, showing, type View } from '../playback/timeScale';
import { markedOf } from '../playback/useHiddenKinds';
import { usePlaybackKeys } from '../playback/usePlaybackKeys';
import { rateBeside } from '../playback/usePlaying';
import { useToChunk } from '../playback/useToChunk';
import { linkedAddress, REPLAY_MS, togetherAddress, windowAddress } from './address';
import { CameraChoice } from './CameraChoice';
import { Lanes } from './Lanes';
import { LinkedWindows } from './LinkedWindows';
import { SyncButton } from './SyncButton';
import classes from './Together.module.css';
import { TogetherTile } from './TogetherTile';
import { useAddressMoment } from './useAddressMoment';
import { useSharedClock } from './useSharedClock';
import { useTogether } from './useTogether';

const RANGE_FIRST_MS = 3600_000;
/** Of all cameras; a screen has hardly more columns. */
const BUCKETS = 1500;
const TIMELINE_REFETCH_MS = 10_000;
const EVENTS_REFETCH_MS = 15_000;
/** Where more are shown, each is small: the smaller stream is enough, where it was recorded. */
const LARGE_MAX = 4;
/** A camera without a picture is not stepped by its pictures. */
const STEP_MS = 40;

/** Footage of several cameras of one moment. */
export function TogetherPlayback({ cameras }: { cameras: Camera[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [start] = useState(() => momentOf(search.get('t')) ?? serverClock.now() - REPLAY_MS);
  const [view, setView] = useState<View>(() => centredOn(start, RANGE_FIRST_MS, 0.7));
  const [skip, setSkip] = useState<SkipNotice>();
  const [selectedId, setSelectedId] = useState<string>();
  const selected = cameras.find(({ id }) => id === selectedId) ?? (cameras[0] as Camera);
  const { group, common, groupOf, synced, setSynced, direction, rate, toggle, faster, changeRate } =
    useTogether(
      start,
      cameras.map(({ id }) => id),
      selected.id,
      speedIn(search),
      setSkip,
    );
  const { clock } = group;
  const [players, setPlayers] = useState<Record<string, ArchiveEngine | undefined>>({});
  const onPlayer = useCallback(
    (id: string, player: ArchiveEngine | undefined) => setPlayers((before) => ({ ...before, [id]: player })),
    [],
  );
  const player = players[selected.id];
  const [chosen, setChosen] = useState<Selection>();
  const [task, setTask] = useState<FootageTask>();
  const goTo = useRef<HTMLInputElement>(null);
  const ids = useMemo(() => cameras.map(({ id }) => id).join(','), [cameras]);

  const range = queryRange(view, serverClock.now());
  const growing = range.to > serverClock.now();
  const timeline = useTimeline(ids, range.from, range.to, BUCKETS, growing ? TIMELINE_REFETCH_MS : undefined);
  const known = useMemo(
    () => new Map(cameras.map(({ id }) => [id, laneOf(timeline.data, id)])),
    [cameras, timeline.data],
  );
  const lanes = useCallback((cameraId: string) => known.get(cameraId) ?? EMPTY_LANE, [known]);
  const bookmarks = useMemo(
    () => bookmarksOf(timeline.data).filter(({ cameraIds }) => cameraIds.includes(selected.id)),
    [timeline.data, selected.id],
  );
  const happened = useCameraEvents(
    selected.id,
    range.from,
    range.to,
    growing ? EVENTS_REFETCH_MS : undefined,
  );
  const events = useMemo(() => marksOf(happened.data), [happened.data]);
  const allLocks = useLocks(mayWith(selected, 'lock_evidence')).data;
  const locks = useMemo(
    () => allLocks?.filter((lock) => lock.cameraIds.includes(selected.id)) ?? [],
    [allLocks, selected.id],
  );

  const position = useCallback(() => clock.position(), [clock]);
  const follow = useCallback((utcMs: number) => {
    setView((before) =>
      utcMs < before.from || utcMs > before.to ? centredOn(utcMs, rangeOf(before), 0.5) : before,
    );
  }, []);
  const seekTo = useCallback(
    (utcMs: number, final = true) => {
      setSkip(undefined);
      clock.seek(utcMs);
      if (final) {
        follow(clock.position());
      }
    },
    [clock, follow],
  );
  useAddressMoment(clock, rate, seekTo, follow);
  const positionOf = useCallback((id: string) => groupOf(id).clock.position(), [groupOf]);

  const step = useCallback(
    (pictures: number) => {
      clock.run(0);
      if (player && player.state().phase !== 'no-footage') {
        void player.step(pictures).then((shown) => clock.seek(shown));
      } else {
        clock.seek(clock.position() + pictures * STEP_MS);
      }
    },
    [clock, player],
  );
  const jump = (ms: number) => seekTo(position() + ms);
  const toChunk = useToChunk(player, position, seekTo);

  usePlaybackKeys({
    toggle: () => toggle(direction < 0 ? -1 : 1),
    faster,
    changeSpeed: (there) => changeRate(rateBeside(rate, there)),
    step,
    jump,
    toChunk,
    toOldest: () => {
      const first = Math.min(...cameras.map(({ id }) => lanes(id).first ?? Number.POSITIVE_INFINITY));
      if (Number.isFinite(first)) {
        seekTo(first);
      }
    },
    toLive: () => toLive(),
    toEvent: (there) => {
      const event = eventBeside(markedOf(events), position(), there);
      if (event) {
        seekTo(event.start);
      } else {
        toast(t(there > 0 ? 'playback.noLaterEvent' : 'playback.noEarlierEvent'));
      }
    },
    zoom: () => undefined,
    chooseFrom: () => setChosen((before) => beginningAt(position(), before, serverClock.now())),
    chooseTo: () => setChosen((before) => endingAt(position(), before)),
    chooseNone: () => setChosen(undefined),
    zoomChosen: () => chosen && setView(showing(chosen)),
    bookmark: () => setTask('bookmark'),
    exportFootage: () => mayWith(selected, 'export') && setTask('export'),
    listRecordings: () => setTask('recordings'),
    goTo: () => goTo.current?.select(),
  });

  const ownIds = useMemo(() => cameras.map(({ id }) => id), [cameras]);
  const sharing = useSharedClock(common, ownIds);
  const addressOf = (cameraIds: string[]) =>
    sharing.name === null
      ? togetherAddress(cameraIds, position())
      : linkedAddress(cameraIds, position(), sharing.name);
  const open = (cameraIds: string[]) => navigate(addressOf(cameraIds));
  useOwnPlace(() => windowAddress(addressOf(ownIds)));
  const toLive = () => {
    const wall = useWall.getState();
    for (const camera of cameras) {
      wall.add(camera.id);
    }
    navigate('/live');
  };
  const closeTask = useCallback(() => setTask(undefined), []);
  const leaveFor = useCallback(
    (utcMs: number) => {
      setTask(undefined);
      seekTo(utcMs);
    },
    [seekTo],
  );
  useEffect(() => {
    if (skip) {
      follow(skip.toMs);
    }
  }, [skip, follow]);

  const large = cameras.length <= LARGE_MAX;
  const columns = Math.ceil(Math.sqrt(cameras.length));
  return (
    <div className={classes.page}>
      <section
        className={classes.wall}
        aria-label={t('together.title')}
        style={{ '--columns': columns } as CSSProperties}
        data-speed={direction * rate}
        data-synced={synced}
        data-testid="together"
      >
        {cameras.map((camera) => (
          <TogetherTile
            key={camera.id}
            camera={camera}
            stream={large ? 'auto' : 'small'}
            group={groupOf(camera.id)}
            lane={lanes(camera.id)}
            selected={camera.id === selected.id}
            onSelect={() => setSelectedId(camera.id)}
            onOpen={() => open([camera.id])}
            onPlayer={onPlayer}
          />
        ))}
        {skip && (
          <div className={classes.skip} role="status" data-testid="skip-notice">
            {t(synced ? 'together.skipped' : 'playback.skipped', {
              length: duration(Math.abs(skip.toMs - skip.fromMs)),
              time: dateTime(skip.toMs),
            })}
          </div>
        )}
      </section>
      <Controls
        camera={selected}
        direction={direction}
        rate={rate}
        player={player}
        position={position}
        goTo={goTo}
        onToggle={toggle}
        onStep={step}
        onJump={jump}
        onRate={changeRate}
        onSeek={(utcMs) => seekTo(utcMs)}
        onLive={toLive}
        onPicture={(how) => takePicture(player, selected.name, how)}
        onFootage={setTask}
        cameras={
          <>
            <SyncButton synced={synced} onChange={setSynced} />
            <CameraChoice chosen={ownIds} onChoose={open} />
            <LinkedWindows sharing={sharing} />
          </>
        }
      />
      <Timeline
        cameraId={selected.id}
        view={view}
        lane={lanes(selected.id)}
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
      <Lanes
        cameras={cameras}
        laneOf={lanes}
        view={view}
        positionOf={positionOf}
        selected={selected.id}
        onGo={(cameraId, utcMs) => {
          setSelectedId(cameraId);
          setSkip(undefined);
          groupOf(cameraId).clock.seek(utcMs);
        }}
      />
      <FootageTasks
        task={task}
        camera={selected}
        exported={cameras.filter((camera) => mayWith(camera, 'export')).map(({ id }) => id)}
        locks={locks}
        chosen={chosen}
        position={position}
        onGo={leaveFor}
        onPlay={(utcMs) => {
          leaveFor(utcMs);
          if (direction <= 0) {
            toggle(1);
          }
        }}
        onClose={closeTask}
      />
    </div>
  );
}
