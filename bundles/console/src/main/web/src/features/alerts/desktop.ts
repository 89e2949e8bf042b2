// SPDX-License-Identifier: Apache-2.0

/** Why notifications do not come, as far as it is known. */
export type Desktop = 'granted' | 'denied' | 'default' | 'absent';

/** Browsers have them on secure pages only. */
export const desktopState = (): Desktop =>
  typeof Notification === 'undefined' || !window.isSecureContext ? 'absent' : Notification.permission;

/** Asks the user; only where that was just touched. */
export const askDesktop = async (): Promise<Desktop> =>
  desktopState() === 'default' ? await Notification.requestPermission() : desktopState();

/**
 * @param tag another one with this tag takes the place of the first
 * @param onClick when the user wants to see more
 */
export function showDesktop(title: string, body: string, tag: string, onClick: () => void): void {
  if (desktopState() !== 'granted') {
    return;
  }
  const options = { body, tag, icon: '/console/favicon.svg' };
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick();
    };
  } catch {
    // Phones show them by a service worker only, where there is one.
    void navigator.serviceWorker?.getRegistration().then((one) => one?.showNotification(title, options));
  }
}
