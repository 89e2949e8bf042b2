// SPDX-License-Identifier: Apache-2.0

/** An arrow as it is read: where one writes from the right, the left one leads onwards. */
export function asRead(key: string): string {
  if (document.documentElement.dir !== 'rtl') {
    return key;
  }
  return key === 'ArrowLeft' ? 'ArrowRight' : key === 'ArrowRight' ? 'ArrowLeft' : key;
}

/** Whether keys are text where they are pressed. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Whether a key is one for what lies open above the page: a dialog, a menu. */
export function isForDialog(target: EventTarget | null): boolean {
  return (
    document.querySelector('[aria-modal=true]') !== null ||
    (target instanceof HTMLElement && target.closest('[role=menu]') !== null)
  );
}
