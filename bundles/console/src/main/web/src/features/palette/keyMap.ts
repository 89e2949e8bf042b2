// SPDX-License-Identifier: Apache-2.0

/** What is done, and the keys that do it: "Ctrl K" are two at once. */
type Line = readonly [does: string, ...pressed: string[]];

/** Every key of the console that a page has for itself; those of playback can be changed, see `PlaybackKeys`. */
export const KEYS: readonly { page: string; keys: readonly Line[] }[] = [
  {
    page: 'everywhere',
    keys: [
      ['palette', 'Ctrl K'],
      ['keys', '?'],
    ],
  },
  {
    page: 'wall',
    keys: [
      ['cell', '←', '→', '↑', '↓'],
      ['maximise', 'Enter'],
      ['restore', 'Esc'],
      ['remove', 'Del'],
      ['snapshot', 'S'],
      ['copy', 'Shift S'],
      ['listen', 'M'],
      ['replay', 'R'],
      ['live', 'L'],
      ['footage', 'P'],
      ['control', 'C'],
      ['zoom', '+', '−', '0'],
      ['zoomPan', 'Shift ←', 'Shift →', 'Shift ↑', 'Shift ↓'],
      ['fullScreen', 'F'],
      ['details', 'I'],
    ],
  },
  {
    page: 'control',
    keys: [
      ['steer', '←', '→', '↑', '↓'],
      ['nearer', '+', '−'],
      ['preset', '1', '9'],
    ],
  },
  {
    page: 'timeline',
    keys: [
      ['page', 'PageUp', 'PageDown'],
      ['range', '+', '−'],
    ],
  },
];
