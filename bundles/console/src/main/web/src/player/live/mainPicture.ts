// SPDX-License-Identifier: Apache-2.0
import { serverClock } from '../../api/serverClock';
import { shownBy, snapshotOf } from '../mse/video';
import type { PictureWish, TakenPicture } from '../types';
import type { Session } from './session';
import type { SessionMaker } from './ways';

/** Longer than a group of pictures of most cameras; who waits for a picture of now waits no longer. */
const PATIENCE_MS = 5_000;

/** When the picture that a session shows was taken, as far as it knows. */
export function takenAt(session: Session): number {
  return serverClock.now() - Math.max(0, session.stats().latencyMs ?? 0);
}

/** The newest picture of a camera's main stream, by a connection of its own, which ends with it. */
export function mainPicture(
  make: SessionMaker,
  cameraId: string,
  host: HTMLElement,
  wish: PictureWish,
): Promise<TakenPicture> {
  return new Promise((resolve, reject) => {
    let done = false;
    const end = (after: () => void) => {
      if (!done) {
        done = true;
        clearTimeout(timer);
        after();
        // Not within its own callback.
        queueMicrotask(() => session.release());
      }
    };
    const fail = (why: string) => end(() => reject(new Error(why)));
    const timer = setTimeout(() => fail('no picture in time'), PATIENCE_MS);
    const session = make('ws', cameraId, 'main', {
      opened: () => undefined,
      picture: () =>
        end(() => {
          snapshotOf(shownBy(session.video), takenAt(session), wish).then(resolve, reject);
        }),
      waiting: (cause) => fail(cause ?? 'waiting'),
      undecodable: fail,
      closed: (_code, reason) => fail(reason),
      blocked: (why) => fail(why),
      silent: () => undefined,
    });
    session.video.style.opacity = '0';
    host.append(session.video);
  });
}
