// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { RecordingSettings } from '../../../api/types';
import { isOnEvents, newRecording, recordingChanges, recordingValuesOf } from './settings';
import { painted } from './week';

const settings: RecordingSettings = {
  mode: 'continuous',
  streams: ['main', 'sub'],
  retentionDaysMax: 30,
  streamModes: { main: 'event' },
  eventKinds: ['camera.motion'],
  preBufferSeconds: 5,
  postBufferSeconds: 10,
  retentionDaysMin: 3,
  volumes: ['main', 'second'],
};

describe('recording settings in the form', () => {
  it('show the mode of each stream', () => {
    const values = recordingValuesOf(settings);
    expect([values.mainMode, values.subMode]).toEqual(['event', 'continuous']);
    expect(isOnEvents(values)).toBe(true);
    expect(recordingValuesOf({ ...settings, streams: ['main'], mode: 'off' }).mainMode).toBe('event');
  });

  it('are not touched where nothing was changed', () => {
    expect(recordingChanges(recordingValuesOf(settings), settings)).toEqual({});
    expect(recordingChanges({ ...recordingValuesOf(settings), preBufferSeconds: '7' }, settings)).toEqual({
      preBufferSeconds: 7,
    });
  });

  it('say one mode where the streams agree, and take single ones away', () => {
    expect(recordingChanges({ ...recordingValuesOf(settings), subMode: 'event' }, settings)).toEqual({
      mode: 'event',
      streamModes: { main: null },
    });
    expect(recordingChanges({ ...recordingValuesOf(settings), mainMode: 'off' }, settings)).toEqual({
      streams: ['sub'],
      streamModes: { main: null },
    });
  });

  it('name no stream of its own for a camera that never had one', () => {
    const fresh: RecordingSettings = { ...settings, streams: ['main'], streamModes: undefined };
    const values = recordingValuesOf(fresh);
    expect(recordingChanges({ ...values, mainMode: 'event' }, fresh)).toEqual({ mode: 'event' });
    expect(recordingChanges({ ...values, mainMode: 'scheduled' }, fresh)).toMatchObject({
      mode: 'scheduled',
      schedule: {},
    });
    expect(recordingChanges({ ...values, subMode: 'manual' }, fresh)).toEqual({
      streams: ['main', 'sub'],
      streamModes: { sub: 'manual' },
    });
  });

  it('keep the minutes of a schedule unless the week was painted', () => {
    const scheduled: RecordingSettings = {
      ...settings,
      mode: 'scheduled',
      streams: ['main'],
      streamModes: undefined,
      schedule: {
        timeZone: 'UTC',
        spans: [{ days: ['mon'], from: '08:15', to: '09:45', mode: 'continuous' }],
      },
    };
    const values = recordingValuesOf(scheduled);
    expect(recordingChanges({ ...values, timeZone: 'Europe/Berlin' }, scheduled).schedule).toEqual({
      timeZone: 'Europe/Berlin',
      spans: scheduled.schedule?.spans,
    });
    const week = painted(values.week, { day: 1, hour: 0 }, { day: 1, hour: 0 }, 'event');
    expect(recordingChanges({ ...values, week }, scheduled).schedule?.spans).toEqual([
      { days: ['mon'], from: '08:00', to: '10:00', mode: 'continuous' },
      { days: ['tue'], from: '00:00', to: '01:00', mode: 'event' },
    ]);
  });

  it('say where and how long: the order of volumes counts', () => {
    const values = recordingValuesOf(settings);
    expect(recordingChanges({ ...values, volumes: ['second', 'main'] }, settings)).toEqual({
      volumes: ['second', 'main'],
    });
    expect(recordingChanges({ ...values, volumes: [], retentionDaysMin: '0' }, settings)).toEqual({
      volumes: [],
      retentionDaysMin: 0,
    });
    expect(recordingChanges({ ...values, backup: ['safe'] }, settings)).toEqual({ backup: ['safe'] });
    expect(recordingChanges({ ...values, fillGaps: true }, settings)).toEqual({ fillGaps: true });
    expect(recordingChanges({ ...values, fillGaps: false }, { ...settings, fillGaps: true })).toEqual({
      fillGaps: false,
    });
    expect(
      newRecording({
        ...recordingValuesOf(undefined),
        volumes: ['second'],
        retentionDaysMin: 2,
        backup: ['safe'],
        fillGaps: true,
      }),
    ).toMatchObject({ volumes: ['second'], retentionDaysMin: 2, backup: ['safe'], fillGaps: true });
  });

  it('of a new camera name only what its modes need', () => {
    expect(newRecording(recordingValuesOf(undefined))).toEqual({
      mode: 'continuous',
      streams: ['main'],
      retentionDaysMax: 30,
    });
    expect(
      newRecording({ ...recordingValuesOf(undefined), mainMode: 'event', subMode: 'continuous' }),
    ).toMatchObject({
      mode: 'event',
      streams: ['main', 'sub'],
      streamModes: { sub: 'continuous' },
      preBufferSeconds: 5,
    });
  });
});
