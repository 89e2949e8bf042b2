// SPDX-License-Identifier: Apache-2.0
/**
 * What the NXvms web console offers to an extension, version 1.1. Types only: at run time the extension is given a `Host`
 * by the console, and shares nothing else with it. A larger minor version adds; a console refuses an extension that was
 * written for another major version, or for a larger minor one than its own.
 *
 * Times are UTC milliseconds. How to write an extension: docs/console-extensions.md.
 */

/** Ends what it was given for; more than once does nothing. */
export type Dispose = () => void;

/** What the module that `extension.json` names as its entry exports. */
export interface ExtensionModule {
  /**
   * Registers what the description announces, within five seconds. Called once, when something of it is first to be shown.
   *
   * @returns what is called when the extension is exchanged or removed: it ends timers and connections of its own. What
   *   was subscribed at the host ends by itself.
   */
  activate(host: Host): void | Dispose | Promise<void | Dispose>;
}

export interface Host {
  /** Of this interface, as the console has it: `major.minor`. */
  readonly apiVersion: string;
  readonly extension: {
    readonly id: string;
    /** Symbolic name of the bundle that brings it. */
    readonly bundle: string;
    readonly version: string;
    /** Changes with each change of its files. */
    readonly hash: string;
    /** Address of its files, with a slash at the end. */
    readonly base: string;
  };

  /**
   * The name for a custom element of the extension. It holds the hash: a browser forgets no element that was defined, so
   * that each version needs names of its own.
   *
   * @param name lower-case letters, digits and hyphens
   */
  tag(name: string): string;

  /**
   * As the browser's `fetch`, for addresses of this server below `/api/v1/`, `/media/v1/` and the extension's own files.
   * It is signed in as the user, with the header against forged requests; when the session has ended it waits until the
   * user signed in again. The user's rights are the server's to judge: a refusal is a response.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;

  readonly events: {
    /** Follows what happens, as far as the user may see it. Needs the right `view_events`, without which nothing comes. */
    subscribe(query: EventQuery, listener: (event: HostEvent) => void): Dispose;
  };

  /** A text of the extension's catalogue in the user's language, otherwise in English; `{{name}}` is replaced by a value. */
  t(key: string, values?: Readonly<Record<string, string | number>>): string;

  readonly language: {
    /** As in the catalogue: `en`, `de`. */
    current(): string;
    subscribe(listener: () => void): Dispose;
  };

  readonly theme: {
    scheme(): 'dark' | 'light';
    /** Colours and sizes are CSS variables, which reach into shadow trees; see the guide for those that stay. */
    subscribe(listener: () => void): Dispose;
  };

  /** Goes to an address of the console, such as `/events` or `/playback/ID`. */
  navigate(path: string): void;

  /** A short message in the corner. */
  notify(text: string, kind?: 'info' | 'error'): void;

  readonly player: {
    /** Shows a camera: its footage from a moment on, or without one what it sees now. */
    open(cameraId: string, atMs?: number): void;
  };

  readonly clock: {
    /** The server's time. */
    now(): number;
  };

  readonly user: {
    readonly name: string;
    /** Whether the user has a right at some place at least, by the server's name of it. To show things; the server decides. */
    can(right: string): boolean;
  };

  /** What is shown for a contribution to `nav.page` or `settings.page`. */
  registerRoute(name: string, tag: string): void;
  /** What is shown for a contribution to `camera.tab`, `camera.config`, `event.detail` or `health.card`. */
  registerSlot(name: string, tag: string): void;
  /** What is laid over pictures for a contribution to `live.overlay`. */
  registerOverlay(name: string, tag: string): void;
  /** What a contribution to `timeline.lane` shows. */
  registerTimelineLane(name: string, provider: TimelineLaneProvider): void;
  /** What a contribution to `command` or `live.tile.action` does. */
  registerCommand(name: string, command: Command): void;
  /** What a contribution to `search.agent` finds. Since 1.1. */
  registerSearchAgent(name: string, agent: SearchAgent): void;
  /** Where a contribution to `export.target` takes packages. Since 1.1. */
  registerExportTarget(name: string, target: ExportTarget): void;
}

/** Absent parts fit everything. */
export interface EventQuery {
  /** Kinds such as `camera.motion`, families such as `camera.*`. */
  kinds?: readonly string[];
  cameraIds?: readonly string[];
}

/** An event as the server tells it; the same one comes again when it has changed or ended. */
export interface HostEvent {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  /** RFC 3339. */
  readonly start: string;
  /** Absent for a state that lasts. */
  readonly end?: string;
  readonly cameraId?: string;
  readonly detail?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * A custom element that the console shows. It is created by `document.createElement`, given its context, and then
 * connected; whenever the context is another one, the property is set again.
 */
export interface ContextElement<C> extends HTMLElement {
  context?: C;
}

/** Of `nav.page` and `settings.page`. */
export interface RouteContext {
  /** What follows the page's own address, without a slash at the beginning. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly search: string;
}

/** Of `camera.tab`, and of `camera.config`, which keeps by itself what is entered in it. */
export interface CameraContext {
  readonly cameraId: string;
  readonly cameraName: string;
}

/** Of `event.detail`. */
export interface EventContext {
  readonly event: HostEvent;
}

/**
 * Of `live.overlay`. The element fills exactly what is seen of the camera's picture, enlarged with it: a hundredth of its
 * width is a hundredth of the picture's. It takes no pointer.
 */
export interface OverlayContext {
  readonly cameraId: string;
  readonly cell: number;
  /** When the picture that is shown now was captured, by the server's clock; undefined while that is not known. Costs little. */
  capturedAt(): number | undefined;
}

/** What a `live.tile.action` is run with. */
export interface TileContext {
  readonly cameraId: string;
  readonly cell: number;
}

export interface Command {
  /** A promise that is rejected is told to the user. */
  run(context?: TileContext): void | Promise<void>;
}

/** A stretch of a lane; without an end, a moment. */
export interface LaneSpan {
  readonly start: number;
  readonly end?: number;
  /** Shown under the pointer. */
  readonly label?: string;
  readonly level?: 'info' | 'warning' | 'critical';
}

export interface TimelineLaneProvider {
  /** What there is of a camera in a range; of more than 2000 the first are drawn. */
  query(cameraId: string, from: number, to: number, signal: AbortSignal): Promise<readonly LaneSpan[]>;
}

/** What a `search.agent` is asked for. */
export interface SearchWish {
  /** As it was typed, never blank. */
  readonly text: string;
  /** Cameras to look at; empty: all that the user may see. */
  readonly cameraIds: readonly string[];
  /** Undefined: from the beginning. */
  readonly from: number | undefined;
  readonly to: number;
}

/** A moment that an agent has found. */
export interface SearchFind {
  readonly cameraId: string;
  readonly at: number;
  readonly title: string;
  readonly detail?: string;
}

export interface SearchAgent {
  /** The newest first; of more than 50 the first are shown. One that is asked for something else is aborted. */
  find(wish: SearchWish, signal: AbortSignal): Promise<readonly SearchFind[]>;
}

/** A package of footage that is ready. */
export interface ExportedPackage {
  readonly exportId: string;
  /** Below `/media/v1/`; takes ranges. */
  readonly url: string;
  readonly bytes: number;
  readonly reason: string;
}

export interface ExportTarget {
  /** Takes a package where it is to go. A promise that is rejected is told to the user, one that is fulfilled too. */
  take(one: ExportedPackage): Promise<void>;
}
