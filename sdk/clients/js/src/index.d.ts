// SPDX-License-Identifier: Apache-2.0
// Objects of the API are described as far as the client itself needs them; all of their fields are in the server's OpenAPI
// document, GET /api/v1/openapi.json.

/** An instant of the API: RFC 3339 UTC with milliseconds. */
export type Instant = string;
/** A moment given to the client: RFC 3339, milliseconds since 1970, or a Date. */
export type Moment = string | number | Date;
export type Query = Record<string, string | number | boolean | Date | readonly (string | number)[] | undefined>;

export type CameraState =
  | 'disabled'
  | 'connecting'
  | 'live'
  | 'recording'
  | 'not_recording'
  | 'offline'
  | 'unauthorized'
  | 'unsupported';

export interface CameraDraft {
  name: string;
  driver: string;
  address: string;
  subAddress?: string;
  username?: string;
  password?: string;
  enabled?: boolean;
  group?: string;
  settings?: Record<string, string>;
  recording?: Record<string, unknown>;
}

export interface Camera {
  id: string;
  /** For `changeCamera`. */
  version: number;
  name: string;
  driver: string;
  address: string;
  subAddress?: string;
  username?: string;
  hasPassword: boolean;
  enabled: boolean;
  group?: string;
  settings: Record<string, string>;
  serverId: string;
  recording: Record<string, unknown>;
  created: Instant;
  updated: Instant;
  status: { state: CameraState; cause?: string; detail?: string; since: Instant } & Record<string, unknown>;
}

export type Severity = 'info' | 'warning' | 'critical';

export interface EventItem {
  id: string;
  sequence: number;
  serverId: string;
  kind: string;
  severity: Severity;
  source: { type: string; id: string; part?: string };
  cameraId?: string;
  form: 'pulse' | 'state';
  start: Instant;
  end?: Instant;
  endReason?: 'over' | 'lapsed' | 'source_gone';
  detail: string;
  attributes: Record<string, string>;
  correlationId?: string;
}

export interface EventDraft {
  kind: string;
  action?: 'pulse' | 'hold' | 'end';
  source?: { type: 'camera' | 'integration'; id: string; part?: string };
  severity?: Severity;
  detail?: string;
  attributes?: Record<string, string>;
  correlationId?: string;
  at?: Moment;
  holdSeconds?: number;
}

/** `event`: an event as it began, changed or ended. `reset`: older changes are gone, read the list again. */
export type StreamMessage =
  | { type: 'event'; data: EventItem; position: string }
  | { type: 'reset'; data: { detail: string }; position: string };

export interface Segment {
  id: string;
  start: Instant;
  end: Instant;
  startMs: number;
  durationMs: number;
  codecs: string;
  initId: string;
  bytes: number;
  width: number;
  height: number;
  hasAudio: boolean;
  /** Still being written. */
  open: boolean;
  runId: string;
  sequence: number;
}

export interface User {
  id: string;
  username: string;
  role: string;
  mustEnrolSecondFactor: boolean;
  permissions: string[];
}

export interface Login {
  expiresInSeconds: number;
  mustChangePassword: boolean;
  user: User;
}

export interface Progress {
  doneBytes: number;
  totalBytes: number;
  /** The file that is being written. */
  file: string;
}

/** Written into every picture of an export: at least one of text, time and user. */
export interface ExportOverlay {
  text?: string;
  /** When each picture was taken. */
  time?: boolean;
  /** Who ordered the export. */
  user?: boolean;
  /** Of the time, as IANA names it; the server's when it is left out. */
  zone?: string;
}

/** A part of a camera's pictures that is filled with black in an export. */
export interface ExportMask {
  cameraId: string;
  /** 3 to 16 corners, x and y from 0 to 1 from the left and from the top. */
  points: readonly (readonly [number, number])[];
}

/** One server, as one user. */
export class Client {
  /**
   * @param url such as `https://nvr.example:8443`
   * @param options `apiKey` instead of `login`; `timeoutMs` (30 000) until an answer begins
   */
  constructor(url: string, options?: { apiKey?: string; timeoutMs?: number });

  /** Begins a session; it is renewed by itself as long as the client is used. `totp`: a one-time or recovery code. */
  login(username: string, password: string, totp?: string): Promise<Login>;
  /** Ends the session, if there is one. An API key stays as it is. */
  logout(): Promise<void>;
  me(): Promise<User & { mustChangePassword: boolean }>;

  get<T = unknown>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T = unknown>(
    path: string,
    body?: unknown,
    options?: { query?: Query; idempotencyKey?: string; signal?: AbortSignal },
  ): Promise<T>;
  /** @throws Changed when there is a newer version than the one given */
  patch<T = unknown>(path: string, changes: unknown, options?: { version?: number; signal?: AbortSignal }): Promise<T>;
  delete<T = void>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  /** All items of a list, page by page as they are asked for. */
  items<T = Record<string, unknown>>(path: string, query?: Query, signal?: AbortSignal): AsyncGenerator<T, void>;

  cameras(filter?: string): AsyncGenerator<Camera, void>;
  camera(id: string): Promise<Camera>;
  addCamera(draft: CameraDraft, idempotencyKey?: string): Promise<Camera>;
  /** @throws Changed when there is a newer version than the one given */
  changeCamera(id: string, changes: Partial<CameraDraft>, version?: number): Promise<Camera>;
  removeCamera(id: string): Promise<void>;
  /** The newest key frame as JPEG. */
  snapshot(id: string, query?: { stream?: 'main' | 'sub'; width?: number }): Promise<Uint8Array>;

  /** What happened, newest first. */
  events(query?: {
    from?: Moment;
    to?: Moment;
    kinds?: string[];
    cameras?: string[];
    severity?: Severity;
    limit?: number;
  }): AsyncGenerator<EventItem, void>;
  raiseEvent(event: EventDraft, idempotencyKey?: string): Promise<EventItem>;
  /**
   * Events as they happen, over broken connections, until the signal says otherwise.
   *
   * @param options `position`: that of the last message, to go on behind it; empty: from now on
   * @throws EventsEnded when the right or the session has ended
   */
  followEvents(options?: {
    kinds?: string[];
    cameras?: string[];
    severity?: Severity;
    position?: string;
    signal?: AbortSignal;
  }): AsyncGenerator<StreamMessage, void>;

  segments(camera: string, from: Moment, to: Moment, stream?: 'main' | 'sub'): AsyncGenerator<Segment, void>;
  /**
   * Writes what is recorded of a range as MP4 files, one a segment, beginning with the key frame before `from`; goes on
   * where a connection broke off. An unfinished file is called `.part`. Node only.
   *
   * @returns the files' paths; none where nothing is recorded
   */
  download(
    camera: string,
    from: Moment,
    to: Moment,
    folder: string,
    options?: { stream?: 'main' | 'sub'; progress?: (progress: Progress) => void; signal?: AbortSignal },
  ): Promise<string[]>;
  /**
   * Has a package of footage made that proves what it is, waits for it and writes it as a ZIP. Node only.
   *
   * @param options `form`: `mp4`, `mkv`, or `chunks` for the archive's own files; `cut`: `key_frame`, as when it is left out,
   *   from the key frame at or before the beginning on, all copied, or `exact`, the pictures of the range and no others;
   *   `overlay` and `masks` are burned into every picture, for which they are encoded anew
   * @throws NXvmsError saying why the package could not be made
   */
  export(
    cameras: readonly string[],
    from: Moment,
    to: Moment,
    file: string,
    options?: {
      stream?: 'main' | 'sub';
      form?: 'mp4' | 'mkv' | 'chunks';
      reason?: string;
      cut?: 'key_frame' | 'exact';
      overlay?: ExportOverlay;
      masks?: readonly ExportMask[];
      progress?: (progress: Progress) => void;
      signal?: AbortSignal;
      idempotencyKey?: string;
    },
  ): Promise<string>;
}

/** Anything this package throws by itself. */
export class NXvmsError extends Error {}
/** No answer came, or it broke off: whether the request was carried out is not known. */
export class ServerUnreachable extends NXvmsError {}
/** The server does not go on with the events. */
export class EventsEnded extends NXvmsError {
  readonly reason: string;
}
/** The server refused; all that its problem document (RFC 9457) says. */
export class Problem extends NXvmsError {
  readonly status: number;
  /** Stable, such as `camera-unreachable`. */
  readonly problem: string;
  readonly title: string;
  /** What happened and what to do. */
  readonly detail: string;
  readonly instance?: string;
  readonly errors: readonly { field: string; detail: string }[];
  readonly retryAfterSeconds?: number;
}
export class Unauthenticated extends Problem {}
export class TotpRequired extends Unauthenticated {}
export class Forbidden extends Problem {}
export class NotFound extends Problem {}
export class AlreadyThere extends Problem {}
export class Changed extends Problem {}
export class Invalid extends Problem {}
export class CameraProblem extends Problem {}
export class TooManyRequests extends Problem {}
export class Unavailable extends Problem {}
