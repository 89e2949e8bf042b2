// SPDX-License-Identifier: Apache-2.0
// A plugin that brings something for the console: a page, a lane, an action on a tile, a card. In a browser only.
import { HttpResponse, http } from 'msw';
import type { ExtensionInfo } from '../../src/api/extensions';
import { at, page } from '../answers';
import type { World } from '../world';

const HASH = '00000000000000a1';
const BASE = `/console/ext/com.example.plates/${HASH}/`;

export const extensions = (world: World) => [
  http.get(at('/api/v1/console/extensions'), () => page(world.extended ? [PLATES] : [])),
  http.get(at('/api/v1/console/extensions/refused'), () => page(world.extended ? [REFUSED] : [])),
  http.get(at(`${BASE}plates.js`), () =>
    HttpResponse.text(MODULE, { headers: { 'Content-Type': 'text/javascript' } }),
  ),
];

const PLATES: ExtensionInfo = {
  id: 'plates',
  bundle: 'com.example.plates',
  version: '1.2.0',
  apiVersion: '1.0',
  hash: HASH,
  base: BASE,
  entry: `${BASE}plates.js`,
  title: 'title',
  texts: {
    en: { title: 'Number plates', mark: 'Mark a number plate', lane: 'Number plates' },
    de: { title: 'Kennzeichen', mark: 'Kennzeichen markieren', lane: 'Kennzeichen' },
  },
  contributes: [
    { slot: 'nav.page', name: 'page', title: 'title' },
    { slot: 'timeline.lane', name: 'lane', title: 'lane' },
    { slot: 'live.tile.action', name: 'mark', title: 'mark' },
    { slot: 'health.card', name: 'card', title: 'title' },
  ],
};

const REFUSED = {
  bundle: 'com.example.heatmap',
  version: '0.3.0',
  reason: 'extension.json names no entry, the module that the console loads.',
};

/** As a browser loads it. */
const MODULE = `
const PLATES = ['W 4711 K', 'B KX 204', 'GZ 88 TT', 'M AB 1203'];
const row = (plate, n) =>
  '<tr><td><b>' + plate + '</b></td><td>' + new Date(Date.now() - n * 400000).toLocaleTimeString() + '</td></tr>';
export function activate(host) {
  const shows = (name, html) => {
    const tag = host.tag(name);
    customElements.define(tag, class extends HTMLElement {
      connectedCallback() {
        this.attachShadow({ mode: 'open' }).innerHTML =
          '<style>:host { display: block } table { border-spacing: 24px 6px; font-size: 0.875rem }</style>' + html;
      }
    });
    return tag;
  };
  const table = '<table>' + PLATES.map(row).join('') + '</table>';
  host.registerRoute('page', shows('page', '<div style="padding: 20px 24px"><h1 style="font-size: 1.25rem; margin: 0 0 12px">' + host.t('title') + '</h1>' + table + '</div>'));
  host.registerSlot('card', shows('card', '<b>4</b> / 24 h'));
  host.registerCommand('mark', { run: () => host.notify(PLATES[0]) });
  host.registerTimelineLane('lane', {
    query: async (_camera, from, to) => {
      const every = 900000;
      const spans = [];
      for (let at = Math.ceil(from / every) * every; at < Math.min(to, host.clock.now()); at += every) {
        spans.push({ start: at, end: at + 60000, label: PLATES[(at / every) % PLATES.length] });
      }
      return spans;
    },
  });
}
`;
