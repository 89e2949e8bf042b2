// SPDX-License-Identifier: Apache-2.0
// How long footage stays, once the volumes are full: computed as the server places and removes it (docs/design/archive.md,
// invariants 18 to 21, and VolumeChoice). All of it is of the long run: nothing here depends on what lies there today.

/** What a camera adds, and for how long it is wanted. */
export interface Recorder {
  id: string;
  bytesPerDay: number;
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
export interface Room {
  name: string;
  bytes: number;
  /** Its share beside others; 0: only of cameras that name it. */
  weight: number;
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
  /** What would lie there if all of it stayed as long as it is wanted. */
  wantedBytes: number;
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
  /** At least so far back, wherever of its volumes it lies; 0 where it has none. */
  days: number;
}

export interface Outlook {
  rooms: RoomOutlook[];
  /** Those whose footage goes early first. */
  recorders: RecorderOutlook[];
}

/** What one recorder adds to one volume. */
interface Part {
  recorder: Recorder;
  bytesPerDay: number;
  min: number;
  max: number;
}

/** Days are counted in whole ones; less of one is the inexactness of the computation. */
const EXACT_DAYS = 1e-6;

export function outlookOf(recorders: readonly Recorder[], rooms: readonly Room[]): Outlook {
  const parts = new Map<string, Part[]>(rooms.map(({ name }) => [name, []]));
  const originals = rooms.filter(({ isBackup }) => !isBackup);
  const free: Recorder[] = [];
  const add = (room: Room, recorder: Recorder, bytesPerDay: number) => {
    const max = limitOf(recorder, room);
    const min = room.isBackup ? room.daysMin : Math.max(recorder.daysMin, room.daysMin);
    parts.get(room.name)?.push({ recorder, bytesPerDay, min: Math.min(min, max), max });
  };
  for (const recorder of recorders) {
    const home = firstOf(recorder.volumes, originals);
    if (home) {
      add(home, recorder, recorder.bytesPerDay);
    } else {
      free.push(recorder);
    }
  }
  const named = new Map(originals.map(({ name }) => [name, sum(parts.get(name) ?? [])]));
  for (const [room, share] of sharesOf(originals, named, sum(free))) {
    for (const recorder of free) {
      add(room, recorder, recorder.bytesPerDay * share);
    }
  }
  const backups = rooms.filter(({ isBackup }) => isBackup);
  const clear = new Set(
    originals
      .filter(({ isEncrypted }) => !isEncrypted)
      .flatMap(({ name }) => (parts.get(name) ?? []).map(({ recorder }) => recorder)),
  );
  for (const recorder of recorders) {
    // Nothing in the clear is copied to a volume that encrypts.
    const able = clear.has(recorder) ? backups.filter(({ isEncrypted }) => !isEncrypted) : backups;
    const copies = firstOf(recorder.backup, able);
    if (copies) {
      add(copies, recorder, recorder.bytesPerDay);
    }
  }
  const kept = new Map<Recorder, Stay>();
  const copied = new Map<Recorder, Stay>();
  const seen = rooms.map(({ name, bytes, isBackup }): RoomOutlook => {
    const own = parts.get(name) ?? [];
    const reach = reachOf(own, bytes);
    for (const part of own) {
      shorten(isBackup ? copied : kept, part, keptOf(part, reach));
    }
    return {
      name,
      bytes,
      bytesPerDay: sum(own),
      wantedBytes: own.reduce((all, part) => all + part.bytesPerDay * part.max, 0),
      days: reach.days,
      belowMinimum: reach.belowMinimum,
    };
  });
  return {
    rooms: seen,
    recorders: recorders
      .map((recorder): RecorderOutlook => {
        const own = kept.get(recorder) ?? { days: 0, max: recorder.daysMax };
        const copy = copied.get(recorder) ?? { days: 0, max: 0 };
        // Either file is enough.
        return {
          id: recorder.id,
          bytesPerDay: recorder.bytesPerDay,
          wantedDays: Math.max(own.max, copy.max),
          days: Math.max(own.days, copy.days),
        };
      })
      .sort((a, b) => a.days - a.wantedDays - (b.days - b.wantedDays)),
  };
}

/** How long a recorder's footage stays, and would if there were room. */
interface Stay {
  days: number;
  max: number;
}

/** At least so far back, wherever of its volumes it lies. */
function shorten(stays: Map<Recorder, Stay>, { recorder, max }: Part, days: number): void {
  const before = stays.get(recorder);
  stays.set(recorder, {
    days: Math.min(days, before?.days ?? days),
    max: Math.min(max, before?.max ?? max),
  });
}

/** Whether footage goes before it should. */
export const isShort = ({ days, wantedDays }: RecorderOutlook): boolean => days < wantedDays - EXACT_DAYS;

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

/**
 * How footage that names no volume is parted among them: so that all are equally loaded for their weight, as far as what is
 * named there allows.
 *
 * @returns the volumes that get some, each with its share of it
 */
function sharesOf(rooms: readonly Room[], named: Map<string, number>, bytesPerDay: number): [Room, number][] {
  const all = rooms.filter(({ weight }) => weight > 0);
  if (all.length === 0) {
    // Where none is for everybody, the one with the most room is.
    const largest = rooms.toSorted((a, b) => b.bytes - a.bytes)[0];
    return largest ? [[largest, 1]] : [];
  }
  const loadOf = (room: Room) => (named.get(room.name) ?? 0) / room.weight;
  let taking = all.toSorted((a, b) => loadOf(a) - loadOf(b));
  for (;;) {
    const weight = taking.reduce((whole, room) => whole + room.weight, 0);
    const load =
      (bytesPerDay + taking.reduce((whole, { name }) => whole + (named.get(name) ?? 0), 0)) / weight;
    const last = taking.at(-1);
    if (last && taking.length > 1 && loadOf(last) > load) {
      taking = taking.slice(0, -1);
    } else if (bytesPerDay === 0) {
      return taking.map((room) => [room, room.weight / weight]);
    } else {
      return taking.map((room) => [room, (load * room.weight - (named.get(room.name) ?? 0)) / bytesPerDay]);
    }
  }
}

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
