// SPDX-License-Identifier: Apache-2.0

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
