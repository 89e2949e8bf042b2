// SPDX-License-Identifier: Apache-2.0
// What cannot be read on a page as it is laid out. `look.mjs` says it of each picture, and a browser test of the server of
// each screen, in every language and from right to left.

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} texts that are cut off, each with where it stands
 */
export const cutTexts = (page) => page.evaluate(inPage);

/** Within the page, so that it may use nothing from outside. */
function inPage() {
  const SLACK_PX = 1.5;
  /** What is ours to word: that of cameras and people may be as long as it likes. */
  const OURS = 'button, label, legend, th, h2, h3, [role=tab], [role=menuitem], .mantine-Badge-label';
  const said = new Set();

  if (document.documentElement.scrollWidth > window.innerWidth + SLACK_PX) {
    said.add(`the page scrolls sideways: ${document.documentElement.scrollWidth} of ${window.innerWidth} px`);
  }
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('svg, canvas, video, script, style, [aria-hidden=true]')) {
      continue;
    }
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) {
      continue;
    }
    const where = cutAt(element);
    if (where) {
      said.add(where);
    }
  }
  return [...said];

  function cutAt(element) {
    if (element instanceof HTMLInputElement) {
      return cutInput(element);
    }
    // For those who hear the page.
    for (let at = element; at; at = at.parentElement) {
      if (/inset\(50%|rect\(0/.test(`${getComputedStyle(at).clipPath} ${getComputedStyle(at).clip}`)) {
        return undefined;
      }
    }
    const own = [...element.childNodes].filter(
      (node) => node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(node.data),
    );
    for (const node of own) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      const how = box.width > 0 && cutBox(element, box);
      if (how) {
        return `${how}: ${node.data.trim().slice(0, 60)} (${nameOf(element)})`;
      }
    }
    return undefined;
  }

  /** By the next element that shows only what is inside it; what can be scrolled to is not cut. */
  function cutBox(element, box) {
    let wide = true;
    let high = true;
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      const frame = at.getBoundingClientRect();
      const clips = (overflow) => overflow === 'hidden' || overflow === 'clip';
      const over = box.left < frame.left - SLACK_PX || box.right > frame.right + SLACK_PX;
      const below = box.bottom > frame.bottom + 2 * SLACK_PX || box.top < frame.top - 2 * SLACK_PX;
      if (wide && clips(style.overflowX) && over) {
        const told = style.textOverflow === 'ellipsis' && (!at.closest(OURS) || at.closest('[title]'));
        return told ? undefined : 'cut at the side';
      }
      if (high && clips(style.overflowY) && below) {
        // Of so many lines the last one tells that there is more.
        return style.webkitLineClamp === 'none' ? 'cut below' : undefined;
      }
      // From here on it moves with what scrolls.
      wide &&= !/auto|scroll/.test(style.overflowX);
      high &&= !/auto|scroll/.test(style.overflowY);
      if (style.position === 'fixed') {
        break;
      }
    }
    const outside = box.right < 0 || box.left > window.innerWidth;
    return wide && !outside && (box.right > window.innerWidth + SLACK_PX || box.left < -SLACK_PX)
      ? 'over the edge of the page'
      : undefined;
  }

  function cutInput(input) {
    const text = input.value || input.placeholder;
    if (!text || /^(checkbox|radio|file|range|hidden|password)$/.test(input.type)) {
      return undefined;
    }
    // What somebody types, or takes from here, may be long; what is chosen from a list and what explains a field is ours.
    if (input.value && !(input.readOnly && input.ariaHasPopup === 'listbox')) {
      return undefined;
    }
    const style = getComputedStyle(input);
    const canvas = document.createElement('canvas').getContext('2d');
    // Together they are not told where there are features of the font.
    canvas.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room =
      input.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    return canvas.measureText(text).width > room + SLACK_PX
      ? `cut in a field: ${text.slice(0, 60)} (${nameOf(input)})`
      : undefined;
  }

  function nameOf(element) {
    const named = element.closest('[data-testid]');
    return named ? named.dataset.testid : element.tagName.toLowerCase();
  }
}
