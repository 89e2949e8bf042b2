// SPDX-License-Identifier: Apache-2.0
// Windows beside this one: which there were, where they stood and what they showed.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** Where a window is, in pixels of all screens together. */
export interface Bounds {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface KeptWindow {
  /** Also its name as a browser has it: opened again it is the same one. */
  id: string;
  address: string;
  bounds?: Bounds;
  /** When it said last what it shows. */
  atMs: number;
}

/** A screen as the browser tells it (Window Management, W3C). */
export interface Screen {
  label: string;
  availLeft: number;
  availTop: number;
  availWidth: number;
  availHeight: number;
}

/** A desk has no more; the oldest is forgotten first. */
export const WINDOWS_MAX = 8;
const USUAL: Partial<Bounds> = { width: 1280, height: 720 };
const NAME = 'nxvms.windows';
/** In the address of a window, for its id; read in `kiosk.ts`. */
const WINDOW = 'window';

interface Windows {
  windows: readonly KeptWindow[];
  keep: (window: KeptWindow) => void;
  forget: () => void;
}

/** Of this browser: a window is of a desk, not of a user. */
export const useWindows = create<Windows>()(
  persist(
    (set) => ({
      windows: [],
      keep: (window) =>
        set(({ windows }) => ({
          windows: [...windows.filter(({ id }) => id !== window.id), window]
            .toSorted((a, b) => a.atMs - b.atMs)
            .slice(-WINDOWS_MAX),
        })),
      forget: () => set({ windows: [] }),
    }),
    { name: NAME },
  ),
);

window.addEventListener('storage', ({ key }) => {
  if (key === NAME) {
    void useWindows.persist.rehydrate();
  }
});

const featuresOf = (bounds: Partial<Bounds>) =>
  ['popup', ...Object.entries(bounds).map(([name, value]) => `${name}=${Math.round(value)}`)].join(',');

/** With its id, so that the window knows which one it is. */
export function addressOf({ id, address }: Pick<KeptWindow, 'id' | 'address'>): string {
  const url = new URL(address, window.location.origin);
  url.searchParams.set(WINDOW, id);
  return `${url.pathname}${url.search}`;
}

/**
 * Opens a window of its own and keeps it in mind.
 *
 * @param screen fills it; the browser puts windows on other screens only where somebody has allowed that
 * @returns whether the browser opened it
 */
export function openWindow(address: string, screen?: Screen): boolean {
  const id = `nxvms-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
  const bounds = screen && boundsOf(screen);
  const opened = window.open(addressOf({ id, address }), id, featuresOf(bounds ?? USUAL));
  if (opened) {
    useWindows.getState().keep({ id, address, bounds, atMs: Date.now() });
  }
  return opened !== null;
}

/** @returns how many the browser did not open: it asks first whether a page may open several */
export function restoreWindows(windows: readonly KeptWindow[]): number {
  return windows.filter(
    (kept) => window.open(addressOf(kept), kept.id, featuresOf(kept.bounds ?? USUAL)) === null,
  ).length;
}

const boundsOf = ({ availLeft, availTop, availWidth, availHeight }: Screen): Bounds => ({
  left: availLeft,
  top: availTop,
  width: availWidth,
  height: availHeight,
});

type Managing = Window & { getScreenDetails?: () => Promise<{ screens: readonly Screen[] }> };

/** Whether the browser can tell of more screens than this one. */
export const knowsScreens = (): boolean => 'getScreenDetails' in window;

/** The screens, once somebody allows it: the browser asks. Without leave there is none to choose. */
export async function screens(): Promise<readonly Screen[]> {
  try {
    return (await (window as Managing).getScreenDetails?.())?.screens ?? [];
  } catch {
    return [];
  }
}

/** Whether they are told without asking anybody. */
export async function mayKnowScreens(): Promise<boolean> {
  try {
    const name = 'window-management' as PermissionName;
    return knowsScreens() && (await navigator.permissions.query({ name })).state === 'granted';
  } catch {
    return false;
  }
}

/** Where this window is. */
export const ownBounds = (): Bounds => ({
  left: window.screenX,
  top: window.screenY,
  width: window.outerWidth,
  height: window.outerHeight,
});
