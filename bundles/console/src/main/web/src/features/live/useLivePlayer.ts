// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StreamName } from '../../api/types';
import { LiveEngine } from '../../player/live/liveEngine';
import { useLiveWish } from '../../player/live/liveWish';
import type { PlayerState } from '../../player/types';
import { useBridge } from '../../player/useBridge';

const IDLE: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };
/** Tiles nobody sees stop after this. */
const UNSEEN_MS = 4_000;

/**
 * A live player in the host element, running while the host is seen.
 *
 * @param stream nothing as long as it is not known which one is wanted
 * @param listening whether its sound is to be heard
 * @param away whether the camera is known to send nothing
 */
export function useLivePlayer(
  cameraId: string,
  stream: StreamName | undefined,
  host: RefObject<HTMLElement | null>,
  listening = false,
  away = false,
) {
  const [player, setPlayer] = useState<LiveEngine>();
  const first = useRef({ stream, listening, away });
  first.current = { stream, listening, away };
  const known = stream !== undefined;

  useEffect(() => {
    const { stream: wanted, listening: heard, away: absent } = first.current;
    if (!known || !wanted) {
      return;
    }
    const engine = new LiveEngine(cameraId, wanted);
    engine.listen(heard);
    engine.expectNothing(absent);
    if (host.current) {
      engine.attach(host.current);
    }
    setPlayer(engine);
    const stopWatching = host.current ? runWhileSeen(engine, host.current) : undefined;
    return () => {
      stopWatching?.();
      engine.dispose();
    };
  }, [cameraId, host, known]);

  useEffect(() => {
    if (stream) {
      player?.switchTo(stream);
    }
  }, [player, stream]);
  useEffect(() => player?.listen(listening), [player, listening]);
  useEffect(() => player?.expectNothing(away), [player, away]);

  const state = useSyncExternalStore(
    (listener) => player?.subscribe(listener) ?? (() => undefined),
    () => player?.state() ?? IDLE,
  );
  useBridge(cameraId, host, player, state.phase);
  return { player, state };
}

function runWhileSeen(engine: LiveEngine, host: HTMLElement): () => void {
  let onScreen = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = () => {
    clearTimeout(timer);
    if (onScreen && (!document.hidden || useLiveWish.getState().unseen)) {
      engine.play();
    } else {
      timer = setTimeout(() => engine.pause(), UNSEEN_MS);
    }
  };
  const observer = new IntersectionObserver((entries) => {
    onScreen = entries[entries.length - 1]?.isIntersecting ?? true;
    engine.see(onScreen);
    update();
  });
  observer.observe(host);
  document.addEventListener('visibilitychange', update);
  const leaveWish = useLiveWish.subscribe(update);
  return () => {
    clearTimeout(timer);
    leaveWish();
    observer.disconnect();
    document.removeEventListener('visibilitychange', update);
  };
}
