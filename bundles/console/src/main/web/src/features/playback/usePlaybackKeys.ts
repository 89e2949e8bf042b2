// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { actionOf, type Chosen, keyName, type PlaybackAction, useChosenKeys } from './keyBindings';

export const JUMP_MS = 10_000;
const FAR_MS = 60_000;

interface Actions {
  toggle: () => void;
  step: (pictures: number) => void;
  jump: (ms: number) => void;
  faster: (direction: -1 | 1) => void;
  /** The next slower or quicker speed, in the same direction. */
  changeSpeed: (direction: -1 | 1) => void;
  /** To where the file before or behind begins. */
  toChunk: (direction: -1 | 1) => void;
  toOldest: () => void;
  toLive: () => void;
  toEvent: (direction: -1 | 1) => void;
  /** In or out; 0: the whole picture. */
  zoom: (steps: -1 | 0 | 1) => void;
  chooseFrom: () => void;
  chooseTo: () => void;
  chooseNone: () => void;
  /** All of the chosen stretch on the timeline. */
  zoomChosen: () => void;
  bookmark: () => void;
  exportFootage: () => void;
  listRecordings: () => void;
  /** Undefined where motion is not searched, as of several cameras. */
  searchMotion?: () => void;
  toFound?: (direction: -1 | 1) => void;
  /** To the field for date and time. */
  goTo: () => void;
}

/** Keys of the playback page; none works while text is being typed. */
export function usePlaybackKeys(actions: Actions): void {
  const latest = useRef(actions);
  latest.current = actions;
  const keys = useRef<Chosen>({});
  keys.current = useChosenKeys();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target;
      // A chosen speed keeps the focus: its arrows choose another speed, all other keys are the page's.
      const onRadio = target instanceof HTMLInputElement && target.type === 'radio';
      const typing = onRadio
        ? event.key.startsWith('Arrow') && !event.shiftKey
        : target instanceof HTMLElement &&
          (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
      const onButton = target instanceof HTMLButtonElement && event.key === ' ';
      // What was focused in a dialog may be gone, and the focus with it: as long as one is open, all keys are its own.
      const elsewhere =
        document.querySelector('[aria-modal=true]') !== null ||
        (target instanceof HTMLElement && target.closest('[role=tree],[role=menu],[role=dialog]'));
      // Where [ and ] need AltGr, some systems call that Ctrl and Alt.
      const shortcut = !event.getModifierState('AltGraph') && (event.ctrlKey || event.altKey);
      if (typing || onButton || elsewhere || shortcut || event.metaKey) {
        return;
      }
      const action = actionOf(keyName(event), keys.current);
      if (action) {
        event.preventDefault();
        perform(action, latest.current);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function perform(action: PlaybackAction, to: Actions): void {
  const acts: Record<PlaybackAction, () => void> = {
    play: to.toggle,
    backwards: () => to.faster(-1),
    forwards: () => to.faster(1),
    stepBack: () => to.step(-1),
    stepForward: () => to.step(1),
    slower: () => to.changeSpeed(-1),
    quicker: () => to.changeSpeed(1),
    jumpBack: () => to.jump(-JUMP_MS),
    jumpForward: () => to.jump(JUMP_MS),
    farBack: () => to.jump(-FAR_MS),
    farForward: () => to.jump(FAR_MS),
    chunkBefore: () => to.toChunk(-1),
    chunkAfter: () => to.toChunk(1),
    oldest: to.toOldest,
    live: to.toLive,
    eventAfter: () => to.toEvent(1),
    eventBefore: () => to.toEvent(-1),
    chooseFrom: to.chooseFrom,
    chooseTo: to.chooseTo,
    chooseNone: to.chooseNone,
    zoomChosen: to.zoomChosen,
    goTo: to.goTo,
    bookmark: to.bookmark,
    export: to.exportFootage,
    recordings: to.listRecordings,
    searchMotion: () => to.searchMotion?.(),
    foundAfter: () => to.toFound?.(1),
    foundBefore: () => to.toFound?.(-1),
    enlarge: () => to.zoom(1),
    reduce: () => to.zoom(-1),
    whole: () => to.zoom(0),
  };
  acts[action]();
}
