// SPDX-License-Identifier: Apache-2.0
import { IconPointer, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { lazy, type RefObject, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Camera, StreamName } from '../../api/types';
import type { ArchiveEngine } from '../../player/archive/archiveEngine';
import type { LiveEngine } from '../../player/live/liveEngine';
import { useLiveWish } from '../../player/live/liveWish';
import { CameraStateIcon, isAway, stateText } from '../../ui/CameraStateIcon';
import { mayWith } from '../../ui/permissions';
import { type TakePicture, takePicture } from '../../ui/usePictures';
import { KEY_FACTOR, useZoom, type Zooming } from '../../ui/zoom/useZoom';
import { ZoomMark } from '../../ui/zoom/ZoomMark';
import { isWhole, transformOf } from '../../ui/zoom/zoom';
import { OverlayLayer } from '../extensions/OverlayLayer';
import { LiveLamp } from './LiveLamp';
import { othersThan, SMALLEST, streamFor } from './streamChoice';
import classes from './Tile.module.css';
import { TileActions } from './TileActions';
import { TileBadge } from './TileBadge';
import { TileNotice } from './TileNotice';
import { useLivePlayer } from './useLivePlayer';
import { useShownSize } from './useShownSize';
import { useSound } from './useSound';
import { useWall } from './useWall';

const TileReplay = lazy(() => import('./TileReplay').then((part) => ({ default: part.TileReplay })));

interface Props {
  camera: Camera;
  cell: number;
  maximised: boolean;
  /** A hotspot: it shows what is selected elsewhere, where that is heard too. */
  following?: boolean;
}

/** Enlarged further, the small stream has nothing more to show. */
const SMALL_SCALE_MAX = 2;
const KEY_SHIFT = 0.1;
const HEARD_MS = 500;

/** Which stream the tile is to show; nothing before it is known how large it is. */
function useStream(
  camera: Camera,
  host: RefObject<HTMLElement | null>,
  large: boolean,
): StreamName | undefined {
  const size = useShownSize(host);
  const smallOnly = useLiveWish((wish) => wish.smallOnly);
  const before = useRef<StreamName>(undefined);
  if (!size) {
    return undefined;
  }
  if (large) {
    return 'main';
  }
  before.current = streamFor(camera, smallOnly ? SMALLEST : size, before.current);
  return before.current;
}

/** A camera's live picture with its name, figures and actions. */
export function Tile({ camera, cell, maximised, following = false }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const zooming = useZoom(frame);
  const { zoom } = zooming;
  const fitting = useStream(camera, host, maximised || zoom.scale > SMALL_SCALE_MAX);
  /** Asked for in place of one that this browser cannot show. */
  const [instead, setInstead] = useState<StreamName>();
  const stream = instead ?? fitting;
  const listening = useSound((sound) => sound.cameraId === camera.id) && !following;
  const { player, state } = useLivePlayer(camera.id, stream, host, listening, isAway(camera.status));
  const details = useWall((wall) => wall.details);
  const [replays, setReplays] = useState(0);
  const replayed = useRef<ArchiveEngine>(undefined);
  const replay = useCallback(() => setReplays((before) => before + 1), []);
  const picture = useCallback(
    (how?: TakePicture) =>
      takePicture(
        replayed.current ?? player,
        camera.name,
        how,
        isAway(camera.status) ? `${stateText(camera.status)}.` : undefined,
      ),
    [player, camera.name, camera.status],
  );
  useEffect(
    () => () => {
      if (!following) {
        useSound.getState().leave(camera.id);
      }
    },
    [camera.id, following],
  );

  useEffect(() => {
    const tile = host.current?.closest<HTMLElement>('article');
    const keysOf = ({ shiftKey }: KeyboardEvent): Record<string, () => void> => ({
      s: () => picture(),
      S: () => shiftKey && picture('copy'),
      r: () => mayWith(camera, 'view_archive') && replay(),
      l: () => setReplays(0),
      m: () => !following && mayWith(camera, 'listen') && useSound.getState().toggle(camera.id),
      p: () => mayWith(camera, 'view_archive') && navigate(`/playback/${camera.id}`),
      c: () => navigate(`/control/${camera.id}`),
    });
    const onKey = (event: KeyboardEvent) => {
      const act = keysOf(event)[event.key];
      if (event.target !== tile || event.ctrlKey || event.metaKey) {
        return;
      }
      if (zoomKey(zooming, event)) {
        event.preventDefault();
      } else {
        act?.();
      }
    };
    tile?.addEventListener('keydown', onKey);
    return () => tile?.removeEventListener('keydown', onKey);
  });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the whole picture is there again by a key and a button too
    <div
      ref={frame}
      className={classes.tile}
      onDoubleClick={(event) => {
        if (!isWhole(zoom)) {
          event.stopPropagation();
          zooming.reset();
        }
      }}
      data-phase={state.phase}
      data-enlarged={!isWhole(zoom) || undefined}
      data-stream={stream}
      data-testid={`tile-state-${cell}`}
    >
      <div ref={host} className={classes.host} style={{ transform: transformOf(zoom) }} />
      {player && state.phase === 'live' && replays === 0 && (
        <OverlayLayer
          cameraId={camera.id}
          cell={cell}
          player={player}
          host={host}
          transform={transformOf(zoom)}
        />
      )}
      <TileNotice
        camera={camera}
        state={state}
        others={stream && othersThan(stream, camera)}
        onOther={setInstead}
      />
      {replays > 0 && (
        <Suspense fallback={null}>
          <TileReplay
            cameraId={camera.id}
            listens={mayWith(camera, 'listen')}
            times={replays}
            transform={transformOf(zoom)}
            shown={replayed}
            onLive={() => setReplays(0)}
          />
        </Suspense>
      )}
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} size={13} />
        {following && (
          <IconPointer
            size={13}
            role="img"
            aria-label={t('live.hotspot')}
            data-testid={`tile-hotspot-${cell}`}
          />
        )}
        <span className={classes.name}>{camera.name}</span>
        {player && replays === 0 && <LiveLamp player={player} />}
        {listening && player && state.phase === 'live' && <Heard player={player} />}
      </div>
      {details && player && state.phase === 'live' && replays === 0 && (
        <TileBadge player={player} stream={state.stream} />
      )}
      <ZoomMark zooming={zooming} offered={maximised} />
      <TileActions
        camera={camera}
        cell={cell}
        maximised={maximised}
        listening={listening}
        following={following}
        onPicture={picture}
        onReplay={replay}
      />
    </div>
  );
}

/** That this is the tile to be heard; where there is nothing to be heard, it is said. */
function Heard({ player }: { player: LiveEngine }) {
  const { t } = useTranslation();
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    const renew = () => setSilent(player.stats().sound === false);
    const timer = setInterval(renew, HEARD_MS);
    return () => clearInterval(timer);
  }, [player]);
  return (
    <span className={classes.heard} role="status" data-silent={silent || undefined} data-testid="tile-heard">
      {silent ? <IconVolumeOff size={14} /> : <IconVolume size={14} />}
      <span className={silent ? undefined : 'visually-hidden'}>
        {t(silent ? 'live.silent' : 'live.heard')}
      </span>
    </span>
  );
}

/** Keys of a tile that enlarge its picture; whether this was one. */
function zoomKey(zooming: Zooming, { key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  const shift = SHIFTS[key];
  if (ctrlKey || metaKey) {
    return false;
  }
  if (shift && shiftKey) {
    zooming.shift(...shift);
  } else if (key === '+' || key === '=') {
    zooming.by(KEY_FACTOR);
  } else if (key === '-') {
    zooming.by(1 / KEY_FACTOR);
  } else if (key === '0') {
    zooming.reset();
  } else {
    return false;
  }
  return true;
}

const SHIFTS: Record<string, [number, number]> = {
  ArrowLeft: [KEY_SHIFT, 0],
  ArrowRight: [-KEY_SHIFT, 0],
  ArrowUp: [0, KEY_SHIFT],
  ArrowDown: [0, -KEY_SHIFT],
};
