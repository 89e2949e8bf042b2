// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StreamRole } from '../../api/types';
import { LiveEngine } from '../../player/live/liveEngine';
import type { PlayerState } from '../../player/types';

const IDLE: PlayerState = { phase: 'idle', lastPictureAtMs: 0 };
/** Tiles nobody sees stop after this. */
const UNSEEN_MS = 4_000;

/** A live player in the host element, running while the host is seen. */
export function useLivePlayer(cameraId: string, stream: StreamRole, host: RefObject<HTMLElement | null>) {
  const [player, setPlayer] = useState<LiveEngine>();
  const firstStream = useRef(stream);
  firstStream.current = stream;

  useEffect(() => {
    const engine = new LiveEngine(cameraId, firstStream.current);
    if (host.current) {
      engine.attach(host.current);
    }
    setPlayer(engine);
    const stopWatching = host.current ? runWhileSeen(engine, host.current) : undefined;
    return () => {
      stopWatching?.();
      engine.dispose();
    };
  }, [cameraId, host]);

  useEffect(() => player?.switchTo(stream), [player, stream]);

  const state = useSyncExternalStore(
    (listener) => player?.subscribe(listener) ?? (() => undefined),
    () => player?.state() ?? IDLE,
  );
  return { player, state };
}

function runWhileSeen(engine: LiveEngine, host: HTMLElement): () => void {
  let onScreen = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = () => {
    clearTimeout(timer);
    if (onScreen && !document.hidden) {
      engine.play();
    } else {
      timer = setTimeout(() => engine.pause(), UNSEEN_MS);
    }
  };
  const observer = new IntersectionObserver((entries) => {
    onScreen = entries[entries.length - 1]?.isIntersecting ?? true;
    update();
  });
  observer.observe(host);
  document.addEventListener('visibilitychange', update);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener('visibilitychange', update);
  };
}
