// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type {
  Command,
  Dispose,
  ExportTarget,
  Host,
  SearchAgent,
  TimelineLaneProvider,
} from 'nxvms-console-host';
import type { ExtensionInfo } from '../../api/extensions';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import { toast } from '../../ui/toast';
import { useWall } from '../live/useWall';
import { subscribeEvents } from './eventHub';
import { hostFetch } from './hostFetch';
import { goTo } from './places';
import { addFault, extensionText } from './useExtensions';
import { HOST_VERSION } from './version';

/** What an extension has registered for one contribution. */
export type Registered =
  | { by: 'element'; tag: string }
  | { by: 'lane'; provider: TimelineLaneProvider }
  | { by: 'command'; command: Command }
  | { by: 'agent'; agent: SearchAgent }
  | { by: 'target'; target: ExportTarget };

/** Which registration belongs to which slot. */
const ROUTES = ['nav.page', 'settings.page'];
const ELEMENTS = ['camera.tab', 'camera.config', 'event.detail', 'health.card'];
const OVERLAYS = ['live.overlay'];
const LANES = ['timeline.lane'];
const COMMANDS = ['command', 'live.tile.action'];
const AGENTS = ['search.agent'];
const TARGETS = ['export.target'];

const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * What the names of its elements begin with: a definition stays for as long as the page does, so that each version has its
 * own, and one that was stopped and comes again has others.
 */
function prefixOf({ id, hash }: ExtensionInfo, activation: number): string {
  return activation > 1 ? `vx-${id}-${hash}-${activation}-` : `vx-${id}-${hash}-`;
}

/** The host of one version of an extension, with all that ends when it goes. */
export class HostOfExtension {
  readonly registered = new Map<string, Registered>();
  readonly host: Host;
  private readonly ends = new Set<Dispose>();
  private over = false;

  private readonly prefix: string;

  /** @param activation how often this version came up in this page, this time included */
  constructor(
    private readonly extension: ExtensionInfo,
    activation: number,
  ) {
    this.prefix = prefixOf(extension, activation);
    this.host = this.create();
  }

  /** Ends what was subscribed; what it registered is not used any more. */
  dispose(): void {
    this.over = true;
    for (const end of [...this.ends]) {
      end();
    }
    this.registered.clear();
  }

  private create(): Host {
    const { extension } = this;
    const { id, bundle, version, hash, base } = extension;
    const fault = (error: unknown) => addFault(extension, 'part', messageOf(error));
    return Object.freeze({
      apiVersion: HOST_VERSION,
      extension: Object.freeze({ id, bundle, version, hash, base }),
      tag: (name: string) => this.tag(name),
      fetch: (path: string, init?: RequestInit) => hostFetch(base, path, init),
      events: Object.freeze({
        subscribe: (query, listener) => {
          // Who may not see any is refused again and again.
          const may = useSession.getState().user?.permissions.includes('view_events') ?? false;
          return may ? this.until(subscribeEvents(query, listener, fault)) : () => undefined;
        },
      } satisfies Host['events']),
      t: (key, values) => extensionText(extension, i18next.language, key, values),
      language: Object.freeze({
        current: () => i18next.language,
        subscribe: (listener) => {
          i18next.on('languageChanged', listener);
          return this.until(() => i18next.off('languageChanged', listener));
        },
      } satisfies Host['language']),
      theme: Object.freeze({
        scheme,
        subscribe: (listener) => this.until(watchScheme(listener)),
      } satisfies Host['theme']),
      navigate: goTo,
      notify: (text, kind = 'info') => toast(String(text).slice(0, 500), kind === 'error' ? 'error' : 'info'),
      player: Object.freeze({ open: openCamera }),
      clock: Object.freeze({ now: () => serverClock.now() }),
      user: Object.freeze({
        name: useSession.getState().user?.username ?? '',
        can: (right: string) => useSession.getState().user?.permissions.includes(right) ?? false,
      }),
      registerRoute: (name, tag) => this.register(name, ROUTES, { by: 'element', tag: this.defined(tag) }),
      registerSlot: (name, tag) => this.register(name, ELEMENTS, { by: 'element', tag: this.defined(tag) }),
      registerOverlay: (name, tag) =>
        this.register(name, OVERLAYS, { by: 'element', tag: this.defined(tag) }),
      registerTimelineLane: (name, provider) => this.register(name, LANES, { by: 'lane', provider }),
      registerCommand: (name, command) => this.register(name, COMMANDS, { by: 'command', command }),
      registerSearchAgent: (name, agent) => this.register(name, AGENTS, { by: 'agent', agent }),
      registerExportTarget: (name, target) => this.register(name, TARGETS, { by: 'target', target }),
    } satisfies Host);
  }

  private tag(name: string): string {
    if (!NAME.test(name)) {
      throw new TypeError(`A tag's name is of lower-case letters, digits and hyphens; "${name}" is not`);
    }
    return this.prefix + name;
  }

  private register(name: string, slots: readonly string[], what: Registered): void {
    const announced = this.extension.contributes.find((one) => one.name === name);
    // One that the user has not the rights for is not in the list; the extension need not know.
    if (this.over || !announced) {
      return;
    }
    if (!slots.includes(announced.slot)) {
      throw new TypeError(
        `${name} is announced for ${announced.slot} and registered for ${slots.join(' or ')}`,
      );
    }
    this.registered.set(name, what);
  }

  private defined(tag: string): string {
    if (!tag.startsWith(this.prefix)) {
      throw new TypeError(`The element ${tag} has no name of this version's own: make it by host.tag(name)`);
    }
    if (!customElements.get(tag)) {
      throw new TypeError(`There is no element ${tag}: define it before it is registered`);
    }
    return tag;
  }

  /** Once, and at the end of the extension at the latest. */
  private until(end: Dispose): Dispose {
    const once = () => {
      if (this.ends.delete(once)) {
        end();
      }
    };
    this.ends.add(once);
    if (this.over) {
      once();
    }
    return once;
  }
}

function scheme(): 'dark' | 'light' {
  return document.documentElement.dataset.mantineColorScheme === 'light' ? 'light' : 'dark';
}

function watchScheme(listener: () => void): Dispose {
  let before = scheme();
  const observer = new MutationObserver(() => {
    const now = scheme();
    if (now !== before) {
      before = now;
      listener();
    }
  });
  observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return () => observer.disconnect();
}

function openCamera(cameraId: string, atMs?: number): void {
  if (atMs === undefined) {
    useWall.getState().add(cameraId);
    goTo('/live');
  } else {
    goTo(`/playback/${encodeURIComponent(cameraId)}?t=${new Date(atMs).toISOString()}`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
