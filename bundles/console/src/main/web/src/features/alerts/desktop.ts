// SPDX-License-Identifier: Apache-2.0

/** Why notifications do not come, as far as it is known. */
export type Desktop = 'granted' | 'denied' | 'default' | 'absent';

/** Browsers have them on secure pages only. */
export const desktopState = (): Desktop =>
  typeof Notification === 'undefined' || !window.isSecureContext ? 'absent' : Notification.permission;

/** Asks the user; only where that was just touched. */
export const askDesktop = async (): Promise<Desktop> =>
  desktopState() === 'default' ? await Notification.requestPermission() : desktopState();

/** So long a notification is shown, unless it has to be acknowledged. */
export const SHOWN_MS = 15_000;

interface Shown {
  title: string;
  body: string;
  /** Another one with this tag takes the place of the first. */
  tag: string;
  /** It stays until somebody has acknowledged what it tells, or closes it. */
  stays: boolean;
  /** When the user wants to see more. */
  onClick: () => void;
}

/** Closes those this window has shown, by their tags. */
const open = new Map<string, () => void>();

export function showDesktop({ title, body, tag, stays, onClick }: Shown): void {
  if (desktopState() !== 'granted') {
    return;
  }
  const options = { body, tag, icon: '/console/favicon.svg', requireInteraction: stays };
  let close: () => void;
  try {
    const shown = new Notification(title, options);
    close = () => shown.close();
    shown.onclose = () => open.get(tag) === close && open.delete(tag);
    shown.onclick = () => {
      window.focus();
      closeDesktop(tag);
      onClick();
    };
  } catch {
    // Phones show them by a service worker only, where there is one.
    const worker = navigator.serviceWorker?.getRegistration();
    void worker?.then((one) => one?.showNotification(title, options));
    close = () =>
      void worker
        ?.then((one) => one?.getNotifications({ tag }))
        .then((all) => {
          for (const one of all ?? []) {
            one.close();
          }
        });
  }
  open.set(tag, close);
  if (!stays) {
    // One that has taken its place since has a time of its own.
    setTimeout(() => open.get(tag) === close && closeDesktop(tag), SHOWN_MS);
  }
}

/** What it tells was acknowledged, or its time is over. */
export function closeDesktop(tag: string): void {
  open.get(tag)?.();
  open.delete(tag);
}
