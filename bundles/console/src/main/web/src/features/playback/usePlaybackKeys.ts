// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';

export const JUMP_MS = 10_000;

interface Actions {
  toggle: () => void;
  step: (pictures: number) => void;
  jump: (ms: number) => void;
  faster: (direction: -1 | 1) => void;
  toEvent: (direction: -1 | 1) => void;
  /** In or out; 0: the whole picture. */
  zoom: (steps: -1 | 0 | 1) => void;
  chooseFrom: () => void;
  chooseTo: () => void;
  chooseNone: () => void;
  bookmark: () => void;
  exportFootage: () => void;
  /** To the field for date and time. */
  goTo: () => void;
}

/** Keys of the playback page; none works while text is being typed. */
export function usePlaybackKeys(actions: Actions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target;
      // A chosen speed keeps the focus: its arrows choose another speed, all other keys are the page's.
      const onRadio = target instanceof HTMLInputElement && target.type === 'radio';
      const typing = onRadio
        ? event.key.startsWith('Arrow')
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
      const { toggle, faster, step, jump, toEvent, zoom, chooseFrom, chooseTo, chooseNone, bookmark } =
        latest.current;
      const seconds = event.shiftKey ? 6 : 1;
      const act: Record<string, () => void> = {
        ' ': toggle,
        k: toggle,
        ',': () => step(-1),
        '.': () => step(1),
        ArrowLeft: () => jump(-JUMP_MS * seconds),
        ArrowRight: () => jump(JUMP_MS * seconds),
        ArrowUp: () => toEvent(1),
        ArrowDown: () => toEvent(-1),
        '[': chooseFrom,
        ']': chooseTo,
        Escape: chooseNone,
        b: bookmark,
        e: () => latest.current.exportFootage(),
        g: () => latest.current.goTo(),
        l: () => faster(1),
        j: () => faster(-1),
        '+': () => zoom(1),
        '=': () => zoom(1),
        '-': () => zoom(-1),
        '0': () => zoom(0),
      };
      const action = act[event.key];
      if (action) {
        event.preventDefault();
        action();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
