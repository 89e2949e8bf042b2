// SPDX-License-Identifier: Apache-2.0
// An extension of the web console: a page, marks over live pictures, a lane of the timeline, a part of a camera's page and
// an action of tiles. A plain module: nothing has to be built, and a type checker reads the comments.

/** @import { CameraContext, Command, ContextElement, Host, HostEvent, LaneSpan, OverlayContext } from 'nxvms-console-host' */

const MOTION = 'camera.motion';
const HOUR_MS = 3_600_000;

const STYLE = `
  :host { display: block; padding: 16px 20px; color: var(--mantine-color-text); font-size: 0.875rem; }
  h1 { font-size: 1.125rem; margin: 0 0 8px; }
  ul { list-style: none; margin: 12px 0; padding: 0; display: grid; gap: 4px; max-width: 640px; }
  button { all: unset; cursor: pointer; padding: 8px 12px; display: block; border: 1px solid var(--nx-line); border-radius: 4px; }
  button:focus-visible { outline: 2px solid var(--mantine-primary-color-filled); }
  .quiet { color: var(--mantine-color-dimmed); }
`;

/**
 * @param {Host} host
 * @param {string} cameraId
 * @param {number} from
 * @param {number} to
 * @param {AbortSignal} [signal]
 * @returns {Promise<HostEvent[]>} newest first
 */
async function motionOf(host, cameraId, from, to, signal) {
  const query = new URLSearchParams({
    kinds: MOTION,
    cameras: cameraId,
    from: String(Math.round(from)),
    to: String(Math.round(to)),
    limit: '1000',
  });
  const response = await host.fetch(`/api/v1/events?${query}`, { signal });
  if (!response.ok) {
    throw new Error(`events: ${response.status}`);
  }
  return (await response.json()).items;
}

/** @param {number} utcMs */
const clock = (utcMs) => new Date(utcMs).toLocaleTimeString();

/** @param {Host} host */
function definePage(host) {
  class Page extends HTMLElement {
    /** @type {Map<string, HostEvent>} */
    moving = new Map();
    /** @type {(() => void)[]} */
    ends = [];

    connectedCallback() {
      this.attachShadow({ mode: 'open' });
      this.ends = [
        host.events.subscribe({ kinds: [MOTION] }, (event) => {
          if (event.end === undefined) {
            this.moving.set(event.id, event);
          } else {
            this.moving.delete(event.id);
          }
          this.render();
        }),
        host.language.subscribe(() => this.render()),
      ];
      this.render();
    }

    disconnectedCallback() {
      for (const end of this.ends) {
        end();
      }
    }

    render() {
      const root = /** @type {ShadowRoot} */ (this.shadowRoot);
      const style = document.createElement('style');
      style.textContent = STYLE;
      const title = document.createElement('h1');
      title.textContent = host.t('page');
      const state = document.createElement('p');
      state.className = 'quiet';
      state.textContent = this.moving.size ? host.t('moving', { count: this.moving.size }) : host.t('quiet');
      const list = document.createElement('ul');
      for (const event of this.moving.values()) {
        const item = document.createElement('li');
        const button = document.createElement('button');
        button.textContent = `${clock(Date.parse(event.start))} ${event.detail ?? event.cameraId ?? ''}`;
        button.onclick = () => event.cameraId && host.player.open(event.cameraId, Date.parse(event.start));
        item.append(button);
        list.append(item);
      }
      const time = document.createElement('p');
      time.className = 'quiet';
      time.textContent = host.t('server', { time: clock(host.clock.now()) });
      root.replaceChildren(style, title, state, list, time);
    }
  }
  customElements.define(host.tag('page'), Page);
}

/** @param {Host} host */
function defineOverlay(host) {
  /** @implements {ContextElement<OverlayContext>} */
  class Corners extends HTMLElement {
    /** @type {OverlayContext | undefined} */
    context;

    connectedCallback() {
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      root.innerHTML = `<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"
        style="position:absolute;inset:0;width:100%;height:100%;fill:none;stroke:#37b26c">
        <path vector-effect="non-scaling-stroke" d="M2 10V2H10M90 2H98V10M98 90V98H90M10 98H2V90"/></svg>`;
    }
  }
  customElements.define(host.tag('corners'), Corners);
}

/** @param {Host} host */
function defineTab(host) {
  /** @implements {ContextElement<CameraContext>} */
  class Lately extends HTMLElement {
    /** @type {CameraContext | undefined} */
    shown;

    set context(/** @type {CameraContext | undefined} */ context) {
      this.shown = context;
      if (context) {
        const now = host.clock.now();
        motionOf(host, context.cameraId, now - HOUR_MS, now).then(
          (events) => {
            const last = events[0];
            this.textContent = last
              ? host.t('last', { time: clock(Date.parse(last.start)) })
              : host.t('never');
          },
          (error) => host.notify(String(error), 'error'),
        );
      }
    }

    get context() {
      return this.shown;
    }
  }
  customElements.define(host.tag('lately'), Lately);
}

/** @param {Host} host */
export function activate(host) {
  definePage(host);
  defineOverlay(host);
  defineTab(host);
  host.registerRoute('motion', host.tag('page'));
  host.registerOverlay('corners', host.tag('corners'));
  host.registerSlot('lately', host.tag('lately'));
  host.registerTimelineLane('motion-lane', {
    query: async (cameraId, from, to, signal) =>
      (await motionOf(host, cameraId, from, to, signal)).map(
        /** @returns {LaneSpan} */ (event) => ({
          start: Date.parse(event.start),
          end: event.end === undefined ? host.clock.now() : Date.parse(event.end),
          label: event.detail,
          level: 'info',
        }),
      ),
  });
  /** @type {Command} */
  const lastMotion = {
    run: async (tile) => {
      if (!tile) {
        return;
      }
      const now = host.clock.now();
      const [last] = await motionOf(host, tile.cameraId, now - HOUR_MS, now);
      if (last) {
        host.player.open(tile.cameraId, Date.parse(last.start));
      } else {
        host.notify(host.t('never'));
      }
    },
  };
  host.registerCommand('last-motion', lastMotion);
}
