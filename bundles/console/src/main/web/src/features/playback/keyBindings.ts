// SPDX-License-Identifier: Apache-2.0
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useSession } from '../../api/session';

/** What a key of playback does, with the keys that do it unless a user has another one. */
const USUAL = {
  play: [' ', 'k'],
  backwards: ['j'],
  forwards: ['l'],
  slower: ['<'],
  quicker: ['>'],
  stepBack: [','],
  stepForward: ['.'],
  jumpBack: ['ArrowLeft'],
  jumpForward: ['ArrowRight'],
  farBack: ['u'],
  farForward: ['o'],
  chunkBefore: ['Shift+ArrowLeft'],
  chunkAfter: ['Shift+ArrowRight'],
  oldest: ['Home'],
  live: ['End'],
  eventAfter: ['ArrowUp'],
  eventBefore: ['ArrowDown'],
  chooseFrom: ['['],
  chooseTo: [']'],
  chooseNone: ['Escape'],
  zoomChosen: ['z'],
  goTo: ['g'],
  bookmark: ['b'],
  export: ['e'],
  recordings: ['r'],
  searchMotion: ['m'],
  foundAfter: ['n'],
  foundBefore: ['p'],
  enlarge: ['+', '='],
  reduce: ['-'],
  whole: ['0'],
} as const;

export type PlaybackAction = keyof typeof USUAL;
export const PLAYBACK_ACTIONS = Object.keys(USUAL) as PlaybackAction[];

/** Keys that a user has chosen, by action. */
export type Chosen = Partial<Record<PlaybackAction, string>>;

/** Keys that are something else everywhere, or only go along with others. */
const TAKEN = new Set([
  'Tab',
  'Enter',
  'Escape',
  '?',
  'Shift',
  'Control',
  'Alt',
  'AltGraph',
  'Meta',
  'Dead',
  'CapsLock',
]);

const SHIFTED = 'Shift+';

/** What a key is called here: with Shift those are others that have no letter of their own. */
export const keyName = ({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): string =>
  shiftKey && key.length > 1 && key !== 'Shift' ? SHIFTED + key : key;

const unshifted = (key: string) => (key.startsWith(SHIFTED) ? key.slice(SHIFTED.length) : key);

export const isFree = (key: string): boolean => key !== '' && !TAKEN.has(unshifted(key));

/** The keys of an action: the chosen one, else the usual ones that are not chosen for another. */
export function keysOf(action: PlaybackAction, chosen: Chosen): string[] {
  const own = chosen[action];
  if (own !== undefined) {
    return [own];
  }
  const others = new Set(Object.values(chosen));
  const usual: readonly string[] = USUAL[action];
  return usual.filter((key) => !others.has(key));
}

/** What a key does; with Shift the same as without, unless it has a meaning of its own. */
export function actionOf(key: string, chosen: Chosen): PlaybackAction | undefined {
  const found = (wanted: string) =>
    PLAYBACK_ACTIONS.find((action) => keysOf(action, chosen).includes(wanted));
  return found(key) ?? found(key.length === 1 ? key.toLowerCase() : unshifted(key));
}

interface KeyBindings {
  byUser: Record<string, Chosen>;
  choose: (user: string, action: PlaybackAction, key: string) => void;
  /** The usual keys again. */
  forget: (user: string) => void;
}

/** As many people as share a browser. */
const USERS_MAX = 50;

/** Keys that users have chosen, in this browser. */
export const useKeyBindings = create<KeyBindings>()(
  persist(
    (set) => ({
      byUser: {},
      choose: (user, action, key) =>
        set(({ byUser }) => {
          // A key does one thing: who had it so far has the usual one again.
          const kept = Object.entries(byUser[user] ?? {}).filter(
            ([other, had]) => other !== action && had !== key,
          );
          const mine = { ...Object.fromEntries(kept), [action]: key };
          const others = Object.entries(byUser).filter(([name]) => name !== user);
          return { byUser: Object.fromEntries([...others, [user, mine]].slice(-USERS_MAX)) };
        }),
      forget: (user) =>
        set(({ byUser }) => ({
          byUser: Object.fromEntries(Object.entries(byUser).filter(([name]) => name !== user)),
        })),
    }),
    {
      name: 'nxvms.keys',
      version: 1,
      partialize: ({ byUser }) => ({ byUser }),
      merge: (kept, own) => ({ ...own, byUser: sound((kept as Partial<KeyBindings> | undefined)?.byUser) }),
    },
  ),
);

/** What is kept in a browser may be anything. */
function sound(kept: unknown): Record<string, Chosen> {
  const users = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
  return Object.fromEntries(
    users.map(([user, chosen]) => [
      user,
      Object.fromEntries(
        Object.entries((chosen as object | null) ?? {}).filter(
          ([action, key]) => action in USUAL && typeof key === 'string' && isFree(key),
        ),
      ),
    ]),
  );
}

const NONE: Chosen = {};

/** Who is at the keys. */
export const keyUser = (): string => useSession.getState().user?.username ?? '';

/** The keys that who is signed in has chosen. */
export function useChosenKeys(): Chosen {
  const user = useSession((state) => state.user?.username) ?? '';
  return useKeyBindings((state) => state.byUser[user]) ?? NONE;
}
