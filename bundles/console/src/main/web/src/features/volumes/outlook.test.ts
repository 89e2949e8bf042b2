// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { camera, STATUS, VOLUME } from '../../../mocks/fixtures';
import type { Camera, RecordingSettings } from '../../api/types';
import { isShort, outlookOf, type Recorder, type Room } from './outlook';
import { type Change, NEW_VOLUME, parttimesOf, recordersOf, roomOf, withChange } from './recorders';
import { partsOf } from './useRecorders';

/** Sends one byte a day, or as many with each of its streams, so that bytes are days of one camera. */
const recorder = (id: string, more: Partial<Recorder> = {}, ...sent: number[]): Recorder => ({
  id,
  streams: (sent.length > 0 ? sent : [1]).map((bytes) => ({ bytesPerDay: bytes, bytesPerSecond: bytes })),
  daysMin: 0,
  daysMax: 30,
  volumes: [],
  backup: [],
  ...more,
});
const room = (name: string, bytes: number, more: Partial<Room> = {}): Room => ({
  name,
  bytes,
  weight: 100,
  isBackup: false,
  isEncrypted: false,
  daysMin: 0,
  ...more,
});

function daysOf(recorders: Recorder[], rooms: Room[]) {
  const { rooms: seen, recorders: kept } = outlookOf(recorders, rooms);
  const rounded = (days: number | undefined) => days && Math.round(days * 1_000) / 1_000;
  return {
    rooms: Object.fromEntries(seen.map(({ name, days }) => [name, rounded(days)])),
    cameras: Object.fromEntries(kept.map(({ id, days }) => [id, rounded(days)])),
    load: Object.fromEntries(seen.map(({ name, bytesPerDay }) => [name, rounded(bytesPerDay)])),
  };
}

describe('how long footage stays', () => {
  it('is as long as it is wanted where there is room for that', () => {
    const { rooms, recorders } = outlookOf([recorder('a'), recorder('b')], [room('main', 60)]);
    expect(rooms).toEqual([
      { name: 'main', bytes: 60, bytesPerDay: 2, missingBytes: 0, days: undefined, belowMinimum: false },
    ]);
    expect(recorders.map(({ days }) => days)).toEqual([30, 30]);
    expect(recorders.some(isShort)).toBe(false);
  });

  it('is shorter for all alike where there is not, but for those that want less anyhow', () => {
    const few = recorder('few', { daysMax: 5 });
    const { rooms, cameras } = daysOf([recorder('a'), recorder('b'), few], [room('main', 45)]);
    expect(rooms.main).toBe(20);
    expect(cameras).toEqual({ a: 20, b: 20, few: 5 });
  });

  it('is as long as the minimum at least, at the cost of others', () => {
    const kept = recorder('kept', { daysMin: 25 });
    const seen = daysOf([kept, recorder('a'), recorder('b')], [room('main', 45)]);
    expect(seen.cameras).toEqual({ kept: 25, a: 10, b: 10 });
    const own = daysOf([recorder('a'), recorder('b')], [room('main', 30, { daysMin: 20 })]);
    expect(own.cameras, 'the minimum of the volume is too much').toEqual({ a: 15, b: 15 });
  });

  it('is nothing for those without a minimum where not even the minima fit', () => {
    const { rooms, recorders } = outlookOf(
      [recorder('long', { daysMin: 20 }), recorder('short', { daysMin: 5 }), recorder('a')],
      [room('main', 20)],
    );
    expect(rooms[0]?.belowMinimum).toBe(true);
    const days = Object.fromEntries(recorders.map((one) => [one.id, Math.round(one.days)]));
    expect(days).toEqual({ long: 15, short: 5, a: 0 });
    expect(recorders.every(isShort)).toBe(true);
    expect(recorders[0]?.id, 'who misses most comes first').toBe('a');
  });

  it('is cut by the days of the volume, which are then what is wanted', () => {
    const { recorders } = outlookOf([recorder('a')], [room('main', 1_000, { daysMax: 7 })]);
    expect(recorders).toMatchObject([{ days: 7, wantedDays: 7 }]);
  });

  it('goes by where a camera wants to be, and the others go around that', () => {
    const named = recorder('named', { volumes: ['gone', 'fast'] }, 6);
    const rooms = [room('fast', 60), room('slow', 60)];
    const seen = daysOf([named, recorder('a', {}, 4)], rooms);
    expect(seen.load, 'all that is free goes where less is').toEqual({ fast: 6, slow: 4 });
    expect(seen.cameras).toEqual({ named: 10, a: 15 });
  });

  it('is that of whole streams, which lie on one volume each', () => {
    const rooms = [room('one', 100), room('two', 100)];
    expect(daysOf([recorder('a', {}, 10)], rooms), 'the other volume stays empty').toMatchObject({
      load: { one: 10, two: 0 },
      cameras: { a: 10 },
    });
    const three = [recorder('a', {}, 10), recorder('b', {}, 10), recorder('c', {}, 10)];
    expect(daysOf(three, rooms), 'two share a volume, one has its own').toMatchObject({
      load: { one: 20, two: 10 },
      cameras: { a: 5, b: 10, c: 5 },
    });
    // 8 to one, 3 to two, 3 to two since 6 is less than 11: 100 / 8 = 12.5 days there, 100 / 6 = 16.6 here.
    const both = daysOf([recorder('a', {}, 8, 3), recorder('b', {}, 3)], rooms);
    expect(both.load, 'streams of one camera are placed apart').toEqual({ one: 8, two: 6 });
    expect(both.cameras, 'that of the stream that misses most').toEqual({ a: 12.5, b: 16.667 });
  });

  it('is by weight: a volume of three times the weight gets three times as much', () => {
    const four = ['a', 'b', 'c', 'd'].map((id) => recorder(id, {}, 2));
    const seen = daysOf(four, [room('fast', 60, { weight: 300 }), room('slow', 60)]);
    expect(seen.load).toEqual({ fast: 6, slow: 2 });
    expect(Object.values(seen.cameras).sort()).toEqual([10, 10, 10, 30]);
  });

  it('is by what streams send while they are recorded, though they fill less', () => {
    const seldom: Recorder = { ...recorder('seldom'), streams: [{ bytesPerDay: 1, bytesPerSecond: 10 }] };
    const seen = daysOf([seldom, recorder('a', {}, 4), recorder('b', {}, 4)], [room('x', 40), room('y', 40)]);
    expect(seen.load).toEqual({ x: 1, y: 8 });
  });

  it('leaves streams where they are for a new volume that makes it less than a fifth better', () => {
    const old = room('old', 100);
    const fresh = room('', 1_000, { isNew: true });
    expect(daysOf([recorder('a', {}, 10)], [old, fresh]).load, '10 here, 10 there').toEqual({
      old: 10,
      '': 0,
    });
    const two = [recorder('a', {}, 10), recorder('b', {}, 10)];
    expect(daysOf(two, [old, fresh]).load, '10 there are less than 16').toEqual({ old: 10, '': 10 });
    // The first of 6 moves on (6 < 0.8 * 27); the second too (12 < 0.8 * 21); for the third 12 + 5 is more than 0.8 * 15.
    const uneven = [recorder('a', {}, 6), recorder('b', {}, 6), recorder('c', {}, 5, 5, 5)];
    expect(daysOf(uneven, [old, fresh]).load).toEqual({ old: 15, '': 12 });
    expect(daysOf([recorder('a')], [fresh]).load, 'there is no other').toEqual({ '': 1 });
  });

  it('leaves volumes alone that are for those who name them, unless there is no other', () => {
    const vault = room('vault', 50, { weight: 0 });
    expect(daysOf([recorder('a')], [room('main', 10), vault]).load).toEqual({ main: 1, vault: 0 });
    const both = daysOf([recorder('a'), recorder('b')], [vault, room('small', 10, { weight: 0 })]);
    expect(both, 'by load too, not all to the larger').toMatchObject({
      load: { vault: 1, small: 1 },
      cameras: { a: 30, b: 10 },
    });
    const moved = daysOf([recorder('a')], [vault, room('', 10, { isNew: true })]);
    expect(moved.load, 'one for everybody takes all').toEqual({ vault: 0, '': 1 });
    expect(outlookOf([recorder('a')], []).recorders, 'nowhere').toMatchObject([{ days: 0, wantedDays: 30 }]);
  });

  it('lacks room where it goes early, and nowhere else', () => {
    const missing = (recorders: Recorder[], rooms: Room[]) =>
      Object.fromEntries(outlookOf(recorders, rooms).rooms.map((one) => [one.name, one.missingBytes]));
    const safe = room('safe', 5, { isBackup: true });
    const copied = recorder('copied', { backup: ['safe'] });
    expect(missing([copied], [room('main', 20), safe]), 'the original is enough').toEqual({
      main: 10,
      safe: 0,
    });
    expect(missing([copied], [room('main', 30), safe]), 'nothing goes early').toEqual({ main: 0, safe: 0 });
    const long = room('safe', 5, { isBackup: true, daysMax: 90 });
    expect(missing([copied], [room('main', 20), long]), 'the copy is to stay longer').toEqual({
      main: 0,
      safe: 85,
    });
    const named = ['main', 'other'].map((name) => recorder(name, { volumes: [name] }));
    expect(missing(named, [room('main', 20), room('other', 40)])).toEqual({ main: 10, other: 0 });
  });

  it('goes on with the copy where that stays longer', () => {
    const copied = recorder('copied', { backup: ['safe'] });
    const rooms = [room('main', 10), room('safe', 20, { isBackup: true, daysMax: 90 })];
    expect(daysOf([copied, recorder('a')], rooms)).toMatchObject({
      rooms: { main: 5, safe: 20 },
      cameras: { copied: 20, a: 5 },
    });
    expect(outlookOf([copied], rooms).recorders[0]?.wantedDays).toBe(90);
  });

  it('has no copy where that would encrypt what lies in the clear', () => {
    const copied = recorder('copied', { backup: ['vault'] });
    const vault = room('vault', 20, { isBackup: true, isEncrypted: true });
    expect(daysOf([copied], [room('main', 10), vault])).toMatchObject({
      load: { vault: 0 },
      cameras: { copied: 10 },
    });
    const both = daysOf([copied], [room('main', 10, { isEncrypted: true }), vault]);
    const second = recorder('copied', { backup: ['vault', 'safe'] });
    const safe = room('safe', 20, { isBackup: true });
    expect(daysOf([second], [room('main', 10), vault, safe]), 'nor with the next').toMatchObject({
      load: { vault: 0, safe: 0 },
      cameras: { copied: 10 },
    });
    expect(daysOf([copied], [vault]), 'nor without an original').toMatchObject({ cameras: { copied: 0 } });
    expect(both).toMatchObject({ load: { vault: 1 }, cameras: { copied: 20 } });
  });
});

const sends = (id: string, mainBps: number, recording: Partial<RecordingSettings> = {}): Camera => {
  const plain = camera(id);
  return {
    ...plain,
    recording: { ...plain.recording, streams: ['main'], mode: 'continuous', ...recording },
    status: {
      ...STATUS,
      streams: [
        { role: 'main', name: 'main', state: 'recording', bitrateBps: mainBps, framesPerSecond: 25 },
        { role: 'sub', name: 'sub', state: 'recording', bitrateBps: 80_000, framesPerSecond: 25 },
      ],
    },
  };
};
const perDay = (bps: number) => (bps / 8) * 86_400;
const nothingKnown = () => undefined;

describe('what cameras record', () => {
  it('is what they send of the streams that are recorded, for as long as that is', () => {
    const half = sends('half', 8_000_000, { mode: 'event' });
    const both = sends('both', 1_000_000, { streams: ['main', 'sub'], streamModes: { sub: 'event' } });
    const off = sends('off', 1_000_000, { mode: 'off' });
    const disabled = { ...sends('disabled', 1_000_000), enabled: false };
    const all = [sends('all', 4_000_000), half, both, off, disabled];
    expect(parttimesOf(all)).toEqual([
      { cameraId: 'half', role: 'main' },
      { cameraId: 'both', role: 'sub' },
    ]);
    const { recorders, guessed } = recordersOf(all, ({ cameraId }) => (cameraId === 'half' ? 0.5 : 0.25));
    expect(recorders.map(({ id, streams }) => [id, ...streams])).toEqual([
      ['all', { bytesPerSecond: 500_000, bytesPerDay: perDay(4_000_000) }],
      ['half', { bytesPerSecond: 1_000_000, bytesPerDay: perDay(4_000_000) }],
      [
        'both',
        { bytesPerSecond: 125_000, bytesPerDay: perDay(1_000_000) },
        { bytesPerSecond: 10_000, bytesPerDay: perDay(20_000) },
      ],
    ]);
    expect(guessed).toEqual([]);
  });

  it('is guessed where it is not known: what others send, all of the time', () => {
    const away = sends('away', 0);
    const fresh = sends('fresh', 2_000_000, { mode: 'event' });
    const { recorders, guessed } = recordersOf([away, fresh, sends('c', 4_000_000)], nothingKnown);
    expect(recorders.map(({ streams }) => streams[0]?.bytesPerDay)).toEqual([
      perDay(3_000_000),
      perDay(2_000_000),
      perDay(4_000_000),
    ]);
    expect(guessed.map(({ id }) => id)).toEqual(['away', 'fresh']);
    expect(recordersOf([away], nothingKnown).recorders[0]?.streams[0]?.bytesPerDay).toBe(500_000 * 86_400);
  });

  it('was so much of the time since there is any', () => {
    const lane = { gaps: [], cameraId: 'a' };
    const [from, to] = ['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:02.000Z'];
    const answer = { from, to, bucketMs: 1, bookmarks: [], bookmarksLeftOut: false };
    const spans: [number, number][] = [
      [900, 1_100],
      [1_700, 1_800],
    ];
    const part = (first?: number) =>
      partsOf({ ...answer, cameras: [{ ...lane, spans, first }] }, 1_000, 2_000).get('a');
    expect(part(0)).toBe(0.2);
    expect(part(1_500)).toBe(0.4);
    expect(part(undefined), 'no footage at all').toBeUndefined();
  });
});

describe('what volumes hold', () => {
  it('is what is free and what is footage, but for the reserve, and no more than the quota', () => {
    const volume = { ...VOLUME, footageBytes: 50, usableBytes: 40, reserveBytes: 5 };
    expect(roomOf(volume)).toEqual({
      name: 'main',
      bytes: 85,
      weight: 100,
      isBackup: false,
      isEncrypted: false,
      daysMin: 0,
      daysMax: undefined,
    });
    expect(roomOf({ ...volume, quotaBytes: 60 })?.bytes).toBe(60);
    expect(roomOf({ ...volume, quotaBytes: -1 })?.bytes).toBe(85);
    expect(roomOf({ ...volume, reserveBytes: 100 })?.bytes).toBe(0);
    expect(roomOf({ ...volume, role: 'on_request' })?.weight).toBe(0);
    expect(roomOf({ ...volume, role: 'backup', retentionDaysMax: 90 })).toMatchObject({
      isBackup: true,
      daysMax: 90,
    });
    expect(roomOf({ ...volume, encryption: 'aes-256-gcm' })?.isEncrypted).toBe(true);
    expect(roomOf({ ...volume, role: 'retired' })).toBeUndefined();
    expect(roomOf({ ...volume, status: 'absent' })).toBeUndefined();
    expect(roomOf({ ...volume, usableBytes: undefined })).toBeUndefined();
  });
});

describe('what would become of it', () => {
  const none: Change = { cameras: 0, bps: 0, bytes: 0 };
  const recorders = [recorder('a', { daysMin: 20 }), recorder('b', { daysMax: 10 })];
  const rooms = [room('main', 40)];

  it('is the same where nothing changes', () => {
    expect(withChange(recorders, rooms, none)).toEqual({ recorders, rooms });
  });

  it('keeps everything for other days', () => {
    const then = withChange(recorders, rooms, { ...none, days: 15 });
    expect(then.recorders.map(({ daysMin, daysMax }) => [daysMin, daysMax])).toEqual([
      [15, 15],
      [0, 15],
    ]);
  });

  it('has more cameras, which want what others want, and one more volume', () => {
    const then = withChange(recorders, rooms, { ...none, cameras: 2, bps: 8_000_000, bytes: 500 });
    expect(then.recorders.slice(2)).toMatchObject([
      { id: 'new-1', streams: [{ bytesPerDay: perDay(8_000_000) }], daysMax: 30, volumes: [] },
      { id: 'new-2' },
    ]);
    expect(then.rooms).toMatchObject([{ name: 'main' }, { name: NEW_VOLUME, bytes: 500, weight: 100 }]);
    expect(then.rooms[1], 'which takes its footage from the others').toMatchObject({
      isNew: true,
      isEncrypted: false,
    });
    const vault = [room('vault', 40, { isEncrypted: true }), room('safe', 40, { isBackup: true })];
    expect(withChange(recorders, vault, { ...none, bytes: 500 }).rooms[2]?.isEncrypted).toBe(true);
    const kept = withChange(recorders, rooms, { ...none, cameras: 1, days: 7 });
    expect(kept.recorders.at(-1)?.daysMax).toBe(7);
    expect(withChange([], rooms, { ...none, cameras: 1 }).recorders).toMatchObject([{ daysMax: 30 }]);
  });
});
