// SPDX-License-Identifier: Apache-2.0
// How long footage stays, once the volumes are full: computed as the server places and removes it (docs/design/archive.md,
// invariants 18 to 21, and VolumeChoice). All of it is of the long run: nothing here depends on what lies there today.
import { type Home, placesOf, type Stream } from './placing';

/** What a camera adds, and for how long it is wanted. */
export interface Recorder {
  id: string;
  /** Those that are recorded; each is placed for itself. */
  streams: readonly Stream[];
  /** Younger footage goes last when room is needed. */
  daysMin: number;
  /** Older footage goes in any case. */
  daysMax: number;
  /** Names of volumes, the most wanted first; none: any. */
  volumes: readonly string[];
  /** Names of backup volumes, the most wanted first. */
  backup: readonly string[];
}

/** A volume that takes footage. */
export interface Room extends Home {
  isBackup: boolean;
  isEncrypted: boolean;
  daysMin: number;
  /** None: no limit of its own. */
  daysMax?: number;
}

export interface RoomOutlook {
  name: string;
  bytes: number;
  bytesPerDay: number;
  /** So much more room keeps all that goes early here, and is not kept elsewhere, as long as it is wanted. */
  missingBytes: number;
  /** How far back it reaches once it is full; none: all of it stays as long as it is wanted. */
  days?: number;
  /** Even what is wanted at least does not fit. */
  belowMinimum: boolean;
}

export interface RecorderOutlook {
  id: string;
  bytesPerDay: number;
  /** As long as the camera wants it, or as the volume allows. */
  wantedDays: number;
  /** At least so far back, of whichever of its streams; 0 where no volume takes them. */
  days: number;
}

export interface Outlook {
  rooms: RoomOutlook[];
  /** Those whose footage goes early first. */
  recorders: RecorderOutlook[];
}

/** A stream and the files it has: that of its camera's volume, and a copy. */
interface Line extends Stream {
  recorder: Recorder;
  original?: Part;
  copy?: Part;
}

/** What one stream adds to one volume. */
interface Part {
  room: Room;
  bytesPerDay: number;
  min: number;
  max: number;
  /** How long it stays there. */
  days: number;
}

/** Days are counted in whole ones; less of one is the inexactness of the computation. */
const EXACT_DAYS = 1e-6;

export function outlookOf(recorders: readonly Recorder[], rooms: readonly Room[]): Outlook {
  const originals = rooms.filter(({ isBackup }) => !isBackup);
  const backups = rooms.filter(({ isBackup }) => isBackup);
  const lines = recorders.flatMap((recorder) =>
    recorder.streams.map((stream): Line => ({ ...stream, recorder })),
  );
  place(lines, originals);
  for (const line of lines) {
    // The first that can, whatever it does with it: nothing in the clear is copied to a volume that encrypts.
    const copies = firstOf(line.recorder.backup, backups);
    if (line.original && copies && (line.original.room.isEncrypted || !copies.isEncrypted)) {
      line.copy = partOf(line, copies);
    }
  }
  const parts = lines.flatMap(({ original, copy }) => [original, copy].filter((part) => part !== undefined));
  const reaches = new Map(
    rooms.map((room) => [
      room,
      fill(
        parts.filter((part) => part.room === room),
        room,
      ),
    ]),
  );
  const lacking = new Set(lines.filter((line) => isShort(stayOf(line))).map(wantedPart));
  return {
    rooms: rooms.map((room): RoomOutlook => {
      const own = parts.filter((part) => part.room === room);
      const wanted = own.reduce((all, part) => all + part.bytesPerDay * part.max, 0);
      return {
        name: room.name,
        bytes: room.bytes,
        bytesPerDay: sum(own),
        missingBytes: own.some((part) => lacking.has(part)) ? Math.max(0, wanted - room.bytes) : 0,
        days: reaches.get(room)?.days,
        belowMinimum: reaches.get(room)?.belowMinimum ?? false,
      };
    }),
    recorders: recordersIn(lines).sort((a, b) => a.days - a.wantedDays - (b.days - b.wantedDays)),
  };
}

/** Those who name volumes to the first of them that takes footage, the others where the server's choice leaves them. */
function place(lines: readonly Line[], originals: readonly Room[]): void {
  const load = new Map<string, number>();
  const free: Line[] = [];
  for (const line of lines) {
    const home = firstOf(line.recorder.volumes, originals);
    if (home) {
      line.original = partOf(line, home);
      load.set(home.name, (load.get(home.name) ?? 0) + line.bytesPerSecond);
    } else {
      free.push(line);
    }
  }
  for (const [line, home] of placesOf(free, originals, load)) {
    line.original = partOf(line, home);
  }
}

function partOf({ recorder, bytesPerDay }: Line, room: Room): Part {
  const max = limitOf(recorder, room);
  const min = room.isBackup ? room.daysMin : Math.max(recorder.daysMin, room.daysMin);
  return { room, bytesPerDay, min: Math.min(min, max), max, days: 0 };
}

/** Works out how long each part stays on a volume. */
function fill(parts: readonly Part[], { bytes }: Room): Reach {
  const reach = reachOf(parts, bytes);
  for (const part of parts) {
    part.days = keptOf(part, reach);
  }
  return reach;
}

/** Either file is enough. */
const stayOf = ({ recorder, original, copy }: Line): Stay => ({
  days: Math.max(original?.days ?? 0, copy?.days ?? 0),
  wantedDays: Math.max(original?.max ?? recorder.daysMax, copy?.max ?? 0),
});

/** The file that would stay as long as it is wanted, if it had the room: the original rather than the copy. */
const wantedPart = (line: Line): Part | undefined =>
  line.copy && line.copy.max > (line.original?.max ?? 0) ? line.copy : line.original;

/** Of each recorder the stream that misses most. */
function recordersIn(lines: readonly Line[]): RecorderOutlook[] {
  const seen = new Map<Recorder, RecorderOutlook>();
  for (const line of lines) {
    const { recorder, bytesPerDay } = line;
    const before = seen.get(recorder);
    const stay = stayOf(line);
    const worst = before && missed(before) - missed(stay) >= 0 ? before : stay;
    seen.set(recorder, {
      id: recorder.id,
      bytesPerDay: (before?.bytesPerDay ?? 0) + bytesPerDay,
      wantedDays: worst.wantedDays,
      days: worst.days,
    });
  }
  return [...seen.values()];
}

/** How long footage stays, and would if there were room. */
type Stay = Pick<RecorderOutlook, 'days' | 'wantedDays'>;

const missed = ({ days, wantedDays }: Stay): number => wantedDays - days;

/** Whether footage goes before it should. */
export const isShort = ({ days, wantedDays }: Stay): boolean => days < wantedDays - EXACT_DAYS;

/** A volume's maximum shortens the camera's; of copies it alone counts. */
function limitOf(recorder: Recorder, room: Room): number {
  return room.isBackup
    ? (room.daysMax ?? recorder.daysMax)
    : Math.min(recorder.daysMax, room.daysMax ?? Number.POSITIVE_INFINITY);
}

const firstOf = (names: readonly string[], rooms: readonly Room[]): Room | undefined =>
  names.flatMap((name) => rooms.filter((room) => room.name === name))[0];

const sum = (all: readonly { bytesPerDay: number }[]): number =>
  all.reduce((bytes, one) => bytes + one.bytesPerDay, 0);

interface Reach {
  days?: number;
  belowMinimum: boolean;
}

/** Oldest first, until what is left fits: down to what is wanted at least, and only then below it. */
function reachOf(parts: readonly Part[], bytes: number): Reach {
  const filled = (keep: (part: Part) => number) =>
    parts.reduce((all, part) => all + part.bytesPerDay * keep(part), 0);
  if (filled(({ max }) => max) <= bytes) {
    return { belowMinimum: false };
  }
  const belowMinimum = filled(({ min }) => min) > bytes;
  const keep = belowMinimum
    ? (days: number) => (part: Part) => Math.min(days, part.min)
    : (days: number) => (part: Part) => clamp(days, part);
  // Grows with the days, in straight pieces: halving finds the day.
  let low = 0;
  let high = parts.reduce((most, { max }) => Math.max(most, max), 0);
  while (high - low > EXACT_DAYS / 10) {
    const middle = (low + high) / 2;
    if (filled(keep(middle)) <= bytes) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return { days: low, belowMinimum };
}

const clamp = (days: number, { min, max }: Part) => Math.min(max, Math.max(min, days));

function keptOf(part: Part, reach: Reach): number {
  if (reach.days === undefined) {
    return part.max;
  }
  return reach.belowMinimum ? Math.min(reach.days, part.min) : clamp(reach.days, part);
}
