// SPDX-License-Identifier: Apache-2.0
import type { EventQuery, HostEvent } from 'nxvms-console-host';
import { followEvents } from '../../api/events';
import type { EventItem } from '../../api/types';

/** As many as the server takes in one question; beyond that all are asked for. */
const KINDS_MAX = 50;

interface Subscription {
  query: EventQuery;
  listener: (event: HostEvent) => void;
}

const subscriptions = new Set<Subscription>();
let followed: { kind?: string; end: () => void } | undefined;
let last = '';

/** One connection for all that extensions follow in this tab: a browser has few. */
export function subscribeEvents(
  query: EventQuery,
  listener: (event: HostEvent) => void,
  onFault: (error: unknown) => void,
): () => void {
  const one: Subscription = {
    query,
    listener: (event) => {
      try {
        listener(event);
      } catch (error) {
        onFault(error);
      }
    },
  };
  subscriptions.add(one);
  refollow();
  return () => {
    if (subscriptions.delete(one)) {
      refollow();
    }
  };
}

function wantedKinds(): string | undefined {
  const kinds = new Set<string>();
  for (const { query } of subscriptions) {
    if (!query.kinds?.length) {
      return undefined;
    }
    for (const kind of query.kinds) {
      kinds.add(kind);
    }
  }
  return kinds.size > KINDS_MAX ? undefined : [...kinds].sort().join(',');
}

function refollow(): void {
  const kind = wantedKinds();
  if (subscriptions.size > 0 && followed && followed.kind === kind) {
    return;
  }
  followed?.end();
  followed = undefined;
  if (subscriptions.size === 0) {
    last = '';
    return;
  }
  const end = followEvents(
    { kind },
    {
      onEvent: tell,
      onReset: () => undefined,
      onLive: () => undefined,
      onPosition: (position) => {
        last = position;
      },
    },
    last,
  );
  followed = { kind, end };
}

function tell(event: EventItem): void {
  for (const { query, listener } of [...subscriptions]) {
    if (fits(query, event)) {
      listener(event);
    }
  }
}

export function fits({ kinds, cameraIds }: EventQuery, { kind, cameraId }: EventItem): boolean {
  const ofKind =
    !kinds?.length ||
    kinds.some((one) => (one.endsWith('.*') ? kind.startsWith(one.slice(0, -1)) : one === kind));
  return ofKind && (!cameraIds?.length || (cameraId !== undefined && cameraIds.includes(cameraId)));
}
