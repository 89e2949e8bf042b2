// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import { followEvents } from '../../api/events';
import { listExtensions } from '../../api/extensions';
import { useSession } from '../../api/session';
import { forgetFaults, SAFE, useExtensions } from './useExtensions';

const CHANGED = 'console.extensions.changed';
const SHARED = 'nxvms.extensions';
/** Beside the events, which may be away and which some may not see. */
const LOOK_MS = 20_000;

let reading: AbortController | undefined;

/** Reads anew what there is; of several readings at a time the last counts. */
export async function readExtensions(): Promise<void> {
  reading?.abort();
  const own = new AbortController();
  reading = own;
  try {
    const list = await listExtensions(own.signal);
    if (reading === own) {
      take(list);
    }
  } catch {
    // The next look tries again; what is shown meanwhile goes on.
  }
}

function take(list: Awaited<ReturnType<typeof listExtensions>>): void {
  const before = useExtensions.getState().list;
  if (JSON.stringify(before) !== JSON.stringify(list)) {
    useExtensions.setState({ list });
    forgetFaults(list);
  }
}

/**
 * Looks whenever the server says that something has changed. A browser has six connections to a server for all its tabs
 * (HTTP/1.1): of all that are seen one follows, and tells the others.
 */
function follow(onChange: () => void): () => void {
  const told = new BroadcastChannel(SHARED);
  told.onmessage = onChange;
  let give: AbortController | undefined;

  const lead = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const changed = () => {
        // An answer that was on its way when this ended: the channel is closed.
        if (!signal.aborted) {
          onChange();
          told.postMessage(CHANGED);
        }
      };
      let followed = false;
      const end = followEvents(
        { kind: CHANGED },
        {
          onEvent: changed,
          onReset: changed,
          onLive: (live) => {
            // What changed before anybody followed was told to nobody.
            if (live && !followed) {
              changed();
            }
            followed = live;
          },
        },
      );
      signal.addEventListener('abort', () => {
        end();
        resolve();
      });
    });

  const turn = () => {
    give?.abort();
    give = undefined;
    if (document.hidden) {
      return;
    }
    const own = new AbortController();
    give = own;
    onChange();
    // Without locks (plain HTTP to another host) each follows for itself.
    if (navigator.locks) {
      void navigator.locks
        .request(SHARED, { signal: own.signal }, () => lead(own.signal))
        .catch(() => undefined);
    } else {
      void lead(own.signal);
    }
  };
  document.addEventListener('visibilitychange', turn);
  turn();
  return () => {
    document.removeEventListener('visibilitychange', turn);
    give?.abort();
    told.close();
  };
}

/** Keeps the list of extensions true while somebody is signed in. */
export function useExtensionWatch(): void {
  const active = useSession((state) => state.phase === 'active');
  const user = useSession((state) => state.user);
  const follows = user?.permissions.includes('view_events') ?? false;
  useEffect(() => {
    if (!active || SAFE) {
      return;
    }
    const onChange = () => void readExtensions();
    const timer = setInterval(() => !document.hidden && onChange(), LOOK_MS);
    const end = follows ? follow(onChange) : undefined;
    if (!end) {
      onChange();
    }
    return () => {
      clearInterval(timer);
      end?.();
    };
  }, [active, follows]);
}
