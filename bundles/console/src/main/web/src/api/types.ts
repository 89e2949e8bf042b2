// SPDX-License-Identifier: Apache-2.0
// What travels between server and console; docs/design/rest.md is the reference.

export interface SessionUser {
  id: string;
  username: string;
  /** What the user has everywhere; at single places there may be more and less. */
  role: string;
  mustChangePassword: boolean;
  /** A role of the user's is for those with a second factor. */
  mustEnrolSecondFactor: boolean;
  /** What the user may do at one place at least. */
  permissions: string[];
}

export interface LoginAnswer {
  expiresInSeconds: number;
  mustChangePassword: boolean;
  user: Omit<SessionUser, 'mustChangePassword'>;
}

export type StreamRole = 'main' | 'sub';

/** Of footage also what there is: of the main stream, else of the sub stream; small: the other way round. */
export type FootageOf = StreamRole | 'auto' | 'small';

/** What can be watched live: a stream as the camera sends it, or encoded anew by the server (`main~h264`). */
export type StreamName = StreamRole | `${StreamRole}~${string}`;

/** Newer servers may send more states than these; show an unknown one by its name. */
export type CameraState =
  | 'disabled'
  | 'connecting'
  | 'live'
  | 'recording'
  | 'not_recording'
  | 'offline'
  | 'unauthorized'
  | 'unsupported';

export interface StreamStatus {
  role: StreamRole;
  name: string;
  state: CameraState | string;
  cause?: string;
  detail?: string;
  codecs?: string;
  width?: number;
  height?: number;
  frameRate?: number;
  bitrateBps: number;
  framesPerSecond: number;
  lastFrame?: string;
}

export interface CameraStatus {
  state: CameraState | string;
  cause?: string;
  detail?: string;
  since: string;
  driverPresent: boolean;
  streams: StreamStatus[];
  /** What its driver said at the last contact; absent before. */
  device?: {
    driverVersion: string;
    identity?: DeviceIdentity;
    /** Control functions, by name. */
    capabilities: string[];
  };
}

/** Who a device says it is; what it does not tell is left out or empty. */
export interface DeviceIdentity {
  manufacturer?: string;
  model?: string;
  firmware?: string;
  serialNumber?: string;
  macAddress?: string;
}

export type RecordingMode = 'continuous' | 'scheduled' | 'event' | 'manual' | 'off';

export interface ScheduleSpan {
  days: string[];
  from: string;
  to: string;
  mode: 'continuous' | 'event';
}

export interface RecordingSchedule {
  timeZone: string;
  spans: ScheduleSpan[];
}

export interface RecordingSettings {
  mode: RecordingMode;
  streams: StreamRole[];
  retentionDaysMax: number;
  streamModes?: Partial<Record<StreamRole, RecordingMode>>;
  schedule?: RecordingSchedule;
  eventKinds: string[];
  preBufferSeconds: number;
  postBufferSeconds: number;
  /** Younger footage goes last when a volume needs room. */
  retentionDaysMin: number;
  /** Names of volumes, the most wanted first; none: any. */
  volumes: string[];
  /** Names of backup volumes, the most wanted first; none: no copy. */
  backup?: string[];
  /** What the camera has recorded itself is fetched when it was not reached. */
  fillGaps?: boolean;
}

/** Changes of recording settings; `null` takes a stream's own mode away. */
export type RecordingPatch = Partial<Omit<RecordingSettings, 'streamModes'>> & {
  streamModes?: Partial<Record<StreamRole, RecordingMode | null>>;
};

export interface Camera {
  id: string;
  version: number;
  name: string;
  driver: string;
  address: string;
  subAddress?: string;
  username?: string;
  hasPassword: boolean;
  enabled: boolean;
  group?: string;
  /** Of the driver, without its secrets. */
  settings: Record<string, string>;
  /** Names of the driver's secrets that are set. */
  secretSettings?: string[];
  serverId: string;
  recording: RecordingSettings;
  created: string;
  updated: string;
  /** What the user may do with it. */
  permissions: string[];
  status: CameraStatus;
}

export interface CameraDraft {
  name?: string;
  driver?: string;
  address?: string;
  subAddress?: string | null;
  username?: string | null;
  password?: string;
  enabled?: boolean;
  group?: string | null;
  settings?: Record<string, string | null>;
  recording?: RecordingPatch;
}

export interface ProbeReport {
  identity: DeviceIdentity;
  streams: {
    role: StreamRole;
    name: string;
    codecs: string;
    width: number;
    height: number;
    frameRate?: number;
    hasAudio: boolean;
    firstKeyFrameMs: number;
  }[];
  durationMs: number;
}

/** A device that answered a search. */
export interface FoundDevice {
  driver: string;
  address: string;
  name: string;
  identity: DeviceIdentity;
  /** What it is called for good. */
  endpoint?: string;
  otherWays: { driver: string; address: string }[];
  /** A camera that is configured for it already. */
  cameraId?: string;
}

/** A search with what it has found so far. */
export interface DiscoveryScan {
  id: string;
  begun: string;
  /** Rises with each change. */
  revision: number;
  runs: boolean;
  devices: FoundDevice[];
  /** Why a driver could not search, by its id. */
  failures: Record<string, string>;
}

/** One thing that was tried on a camera. Newer servers may try more than this console has names for. */
export interface CameraCheck {
  name: string;
  state: 'works' | 'limited' | 'fails' | 'absent' | 'unknown' | string;
  seen: string;
  advice?: string;
}

/** What worked on a camera and what did not, when it was tried last. */
export interface CameraReport {
  taken: string;
  durationMs: number;
  driver: string;
  driverVersion: string;
  identity: DeviceIdentity;
  checks: CameraCheck[];
}

/** What has become of one of many cameras that are added together. */
export interface SetupItem {
  address: string;
  state: 'waiting' | 'running' | 'added' | 'known' | 'failed' | string;
  cameraId?: string;
  report?: CameraReport;
  field?: string;
  detail?: string;
}

export interface SetupBatch {
  id: string;
  begun: string;
  revision: number;
  runs: boolean;
  items: SetupItem[];
}

/** A text by language, as in BCP 47; English is always among them. */
export type Wording = Record<string, string>;

/** What a driver lets people set. Newer servers may send more types than these. */
export interface DriverSetting {
  name: string;
  type: 'string' | 'integer' | 'boolean' | 'choice' | 'secret' | string;
  title: Wording;
  description?: Wording;
  /** What counts when nothing is given. */
  defaultValue?: string;
  min?: number;
  max?: number;
  choices?: { value: string; title: Wording }[];
  required: boolean;
}

export interface Driver {
  id: string;
  name: string;
  vendor: string;
  version: string;
  bundle: string;
  addressHint?: string;
  addressSchemes: string[];
  hasSubAddress: boolean;
  cameras: number;
  /** Absent for a driver that does not say. */
  settings?: DriverSetting[];
  /** Whether this version serves, where several are installed. */
  serves?: boolean;
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface Gap {
  start: number;
  end?: number;
  cause: string;
  detail?: string;
}

export interface TimelineAnswer {
  from: string;
  to: string;
  bucketMs: number;
  /** For the next question. */
  cursor?: string;
  cameras: {
    cameraId: string;
    spans: [number, number][];
    gaps: Gap[];
    first?: number;
    last?: number;
  }[];
  bookmarks: TimelineBookmark[];
  /** Whether there are more than these. */
  bookmarksLeftOut: boolean;
}

/** What is not as the cursor of the question says. */
export interface TimelineChange extends Omit<TimelineAnswer, 'cameras' | 'bookmarks'> {
  /** Whether it is that, and not the whole answer. */
  delta?: boolean;
  /** Those that changed. With `keptTo` what was there and ends by then stays, and this is the rest. */
  cameras: (TimelineAnswer['cameras'][number] & { keptTo?: number })[];
  /** Absent when they are as they were. */
  bookmarks?: TimelineBookmark[];
}

/** A bookmark's mark; times are milliseconds. */
export interface TimelineBookmark {
  id: string;
  cameraIds: string[];
  start: number;
  /** Absent for a moment. */
  end?: number;
  title: string;
}

/** A file of footage, or the part of it that is to be played. */
export interface Segment {
  id: string;
  start: string;
  end: string;
  startMs: number;
  durationMs: number;
  codecs: string;
  initId: string;
  bytes: number;
  width: number;
  height: number;
  hasAudio: boolean;
  open: boolean;
  runId: string | number;
  sequence: number;
}

export interface Fragment {
  startMs: number;
  durationMs: number;
  offset: number;
  length: number;
  key: boolean;
  frames: number;
}

export interface SegmentIndex {
  segmentId: string;
  initId: string;
  codecs: string;
  startMs: number;
  open: boolean;
  fragments: Fragment[];
  /** Of a part of a file: what was taken before is of another one. */
  fromMs?: number;
  /** From then on another one has what was taken. */
  toMs?: number;
}

/** What is wrong, in a code whose meaning never changes. */
export interface Finding {
  code: string;
  parameters: Record<string, string | number | boolean>;
}

export interface HealthPart {
  name: string;
  status: 'up' | 'degraded' | 'down' | string;
  /** In English. */
  detail?: string;
  figures?: Record<string, unknown>;
  /** The detail in codes. */
  findings?: Finding[];
}

export interface Health {
  status: 'up' | 'degraded' | 'down' | string;
  ready: boolean;
  serverId?: string;
  serverName?: string;
  /** Where its clocks are, as in the zone database. */
  timeZone?: string;
  version: string;
  uptimeSeconds?: number;
  parts: HealthPart[];
}

/** Something that happened, or a state that holds from `start` to `end`. */
export interface EventItem {
  id: string;
  /** Number of its newest change; a higher one replaces what is known of the event. */
  sequence: number;
  serverId: string;
  kind: string;
  severity: 'info' | 'warning' | 'critical' | string;
  source: { type: string; id: string; part?: string };
  cameraId?: string;
  form: 'pulse' | 'state' | string;
  start: string;
  /** Absent while a state lasts. */
  end?: string;
  endReason?: string;
  detail: string;
  attributes: Record<string, string | number | boolean>;
  correlationId?: string;
}

export interface EventKind {
  kind: string;
  form: 'pulse' | 'state' | string;
  severity: string;
  title: string;
  /** Whether others than the server may say it: integrations, drivers. */
  external?: boolean;
}
