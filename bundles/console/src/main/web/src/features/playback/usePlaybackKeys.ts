// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';

export const RATES = [0.5, 1, 2, 4, 16] as const;
export const JUMP_MS = 10_000;

interface Actions {
  toggle: () => void;
  step: (pictures: number) => void;
  jump: (ms: number) => void;
  rate: number;
  changeRate: (rate: number) => void;
  chooseFrom: () => void;
  chooseTo: () => void;
  chooseNone: () => void;
  bookmark: () => void;
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
        (target instanceof HTMLElement && target.closest('[role=tree],[role=menu]'));
      // Where [ and ] need AltGr, some systems call that Ctrl and Alt.
      const shortcut = !event.getModifierState('AltGraph') && (event.ctrlKey || event.altKey);
      if (typing || onButton || elsewhere || shortcut || event.metaKey) {
        return;
      }
      const { toggle, step, jump, rate, changeRate, chooseFrom, chooseTo, chooseNone, bookmark } =
        latest.current;
      const seconds = event.shiftKey ? 6 : 1;
      const speed = (direction: number) => {
        const at = RATES.indexOf(rate as (typeof RATES)[number]) + direction;
        changeRate(RATES[Math.max(0, Math.min(RATES.length - 1, at))] ?? 1);
      };
      const act: Record<string, () => void> = {
        ' ': toggle,
        k: toggle,
        ',': () => step(-1),
        '.': () => step(1),
        ArrowLeft: () => jump(-JUMP_MS * seconds),
        ArrowRight: () => jump(JUMP_MS * seconds),
        '[': chooseFrom,
        ']': chooseTo,
        Escape: chooseNone,
        b: bookmark,
        l: () => speed(1),
        j: () => speed(-1),
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
