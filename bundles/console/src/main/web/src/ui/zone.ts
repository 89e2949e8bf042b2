// SPDX-License-Identifier: Apache-2.0
// By whose clocks times are shown and typed: those of where the browser is, or those of where the server is (ADR 169).
import i18next from 'i18next';

export type Clocks = 'browser' | 'server';

const CHOSEN = 'nxvms.clocks';
/** What the server said last: a page that opens need not wait for it. */
const SERVERS = 'nxvms.zone-of-server';
/** Told when times read differently. Whatever shows words listens, see `startI18n`. */
export const CLOCKS_CHANGED = 'clocksChanged';

let chosen: Clocks = 'browser';
let ofServer: string | undefined;

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Where the server is, as it said; nothing before that. */
export const serverZone = (): string | undefined => ofServer;

/** Whose clocks count. Those of a server that has not said where it is are not known. */
export const clocks = (): Clocks => (chosen === 'server' && ofServer !== undefined ? 'server' : 'browser');

/** For formats, in which nothing is where the browser is. */
export const shownZone = (): string | undefined => (clocks() === 'server' ? ofServer : undefined);

export const shownZoneName = (): string => shownZone() ?? browserZone();

/** Whether times are not those of the clock on the wall beside the screen. */
export const isElsewhere = (): boolean => shownZoneName() !== browserZone();

export function chooseClocks(wanted: Clocks): void {
  localStorage.setItem(CHOSEN, wanted);
  change(() => {
    chosen = wanted;
  });
}

/** @param name as the server said it; what this browser does not know counts as not said */
export function learnServerZone(name: string | undefined): void {
  const known = name === undefined ? undefined : understood(name);
  if (known !== undefined && known !== ofServer) {
    localStorage.setItem(SERVERS, known);
    change(() => {
      ofServer = known;
    });
  }
}

/** As chosen before; what another window chooses counts here too. */
export function startClocks(): void {
  chosen = localStorage.getItem(CHOSEN) === 'server' ? 'server' : 'browser';
  ofServer = understood(localStorage.getItem(SERVERS) ?? '');
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === CHOSEN) {
      change(() => {
        chosen = newValue === 'server' ? 'server' : 'browser';
      });
    }
  });
}

function change(step: () => void): void {
  const before = shownZoneName() + clocks();
  step();
  if (shownZoneName() + clocks() !== before) {
    i18next.emit(CLOCKS_CHANGED);
  }
}

/** A zone by the name that browsers take: what Java calls "GMT+02:00" is "Etc/GMT-2" to all of them. */
function understood(name: string): string | undefined {
  const wanted = name
    .replace(/^(?:GMT|UTC|UT)(?=[+-])/, '')
    .replace(/^([+-])0?(\d{1,2}):00$/, (_all, sign, hours) => `Etc/GMT${sign === '+' ? '-' : '+'}${hours}`);
  try {
    return wanted === '' ? undefined : new Intl.DateTimeFormat('en', { timeZone: wanted }) && wanted;
  } catch {
    return undefined;
  }
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Clocks are set at such moments only. */
const BLOCK_MS = 15 * MINUTE_MS;
const BLOCKS_MAX = 4_000;
const offsets = new Map<string, number>();

/** What clocks show minus UTC at a moment, in milliseconds. */
export function offsetMs(utcMs: number, zone = shownZone()): number {
  if (zone === undefined) {
    return -new Date(utcMs).getTimezoneOffset() * MINUTE_MS;
  }
  const block = Math.floor(utcMs / BLOCK_MS);
  const key = `${block} ${zone}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size >= BLOCKS_MAX) {
      offsets.clear();
    }
    offset = readOffset(block * BLOCK_MS, zone);
    offsets.set(key, offset);
  }
  return offset;
}

const readers = new Map<string, Intl.DateTimeFormat>();

function readOffset(utcMs: number, zone: string): number {
  let reader = readers.get(zone);
  if (!reader) {
    const two = '2-digit';
    reader = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    readers.set(zone, reader);
  }
  const parts = new Map(reader.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - utcMs;
}

/** What clocks show at a moment: in the fields of UTC of what is returned. */
export const wallOf = (utcMs: number, zone = shownZone()): Date => new Date(utcMs + offsetMs(utcMs, zone));

/**
 * The moment at which clocks show this, given in fields of UTC. Of two it is the earlier; a time that clocks leave out is
 * as much later as they leave out. So does `Date` with the browser's.
 */
export function momentOfWall(wallMs: number, zone = shownZone()): number {
  const before = offsetMs(wallMs - DAY_MS, zone);
  const after = offsetMs(wallMs + DAY_MS, zone);
  const [early, late] = [wallMs - before, wallMs - after];
  return offsetMs(early, zone) !== before && offsetMs(late, zone) === after ? late : early;
}

/** Midnight at which a day begins; months from 0, what is beyond a month counts on. */
export const midnight = (year: number, month: number, day: number, zone = shownZone()): number =>
  momentOfWall(Date.UTC(year, month, day), zone);

/** Midnight at which the day of a moment ends; some days are longer. */
export function endOfDay(utcMs: number): number {
  const day = wallOf(utcMs);
  return midnight(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 1);
}
