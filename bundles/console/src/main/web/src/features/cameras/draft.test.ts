// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { camera } from '../../../test/server';
import type { DriverSetting } from '../../api/types';
import { changesOf, connectionDraft, newDraft, shownSettings, splitProblems, valuesOf } from './draft';

const existing = camera('a', { subAddress: 'rtsp://192.0.2.1/a/sub', username: 'root', group: 'Yard' });
const values = valuesOf(existing, '');

describe('draft of a new camera', () => {
  it('has only what was filled in', () => {
    const filled = { ...valuesOf(undefined, 'rtsp'), name: ' Gate ', address: ' rtsp://192.0.2.1/ ' };
    expect(newDraft(filled)).toEqual({
      driver: 'rtsp',
      name: 'Gate',
      address: 'rtsp://192.0.2.1/',
      enabled: true,
      recording: { mode: 'continuous', streams: ['main'], retentionDaysMax: 30 },
    });
  });

  it('for a test has the connection and nothing else', () => {
    expect(Object.keys(connectionDraft({ ...values, password: 'p' })).sort()).toEqual([
      'address',
      'driver',
      'password',
      'subAddress',
      'username',
    ]);
  });
});

describe('changes of a camera', () => {
  it('are empty when nothing has changed', () => {
    expect(changesOf(values, existing)).toEqual({});
  });

  it('name what has changed, with null for what is taken away', () => {
    expect(changesOf({ ...values, name: 'New', subAddress: ' ', group: '' }, existing)).toEqual({
      name: 'New',
      subAddress: null,
      group: null,
    });
  });

  it('leave the password alone unless a new one is given', () => {
    expect(changesOf({ ...values, password: 'new' }, existing)).toEqual({ password: 'new' });
  });

  it('keep the recording settings that the dialog does not show', () => {
    expect(changesOf({ ...values, retentionDaysMax: 7 }, existing)).toEqual({
      recording: { retentionDaysMax: 7 },
    });
  });
});

describe('field problems', () => {
  it('go to their inputs; the rest is kept for the message', () => {
    const split = splitProblems([
      { field: 'url', detail: 'a' },
      { field: 'credentials.password', detail: 'b' },
      { field: 'recording.retentionDaysMax', detail: 'c' },
      { field: 'recording.schedule.spans[3].to', detail: 'e' },
      { field: 'settings.codec', detail: 'd' },
    ]);
    expect(split.fields).toEqual({ address: 'a', password: 'b', retentionDaysMax: 'c', week: 'e' });
    expect(split.rest).toEqual([{ field: 'settings.codec', detail: 'd' }]);
  });
});

describe('settings of the driver', () => {
  const known: DriverSetting[] = ['transport', 'key'].map((name) => ({
    name,
    type: name === 'key' ? 'secret' : 'string',
    title: { en: name },
    required: false,
  }));
  const locked = camera('a', { settings: { transport: 'udp', old: '1' }, secretSettings: ['key'] });
  const start = valuesOf(locked, '');
  const changed = (settings: Record<string, string | null>, driver = locked.driver) =>
    changesOf({ ...start, driver, settings: { ...start.settings, ...settings } }, locked, known);

  it('are sent where they have changed; empty goes back to the default', () => {
    expect(changed({})).toEqual({});
    expect(changed({ transport: '', key: 'new' })).toEqual({ settings: { transport: null, key: 'new' } });
    expect(changed({ key: '' })).toEqual({});
    expect(changed({ key: null })).toEqual({ settings: { key: null } });
  });

  it('of another driver go, secrets too', () => {
    expect(changed({}, 'lock')).toEqual({ driver: 'lock', settings: { old: null, key: null } });
  });

  it('that the driver does not know can be seen and taken out', () => {
    expect(shownSettings(known, locked, 'rtsp').map(({ name }) => name)).toEqual(['transport', 'key', 'old']);
    expect(shownSettings(known, locked, 'lock').map(({ name }) => name)).toEqual(['transport', 'key']);
    expect(shownSettings(undefined, locked, 'rtsp')).toEqual([]);
  });

  it('take their problems to their fields', () => {
    const problems = [{ field: 'settings.transport', detail: 'a' }];
    expect(splitProblems(problems, known).fields).toEqual({ 'settings.transport': 'a' });
    expect(splitProblems(problems).rest).toEqual(problems);
  });

  it('of a new camera are those of its driver', () => {
    expect(
      newDraft({ ...start, settings: { transport: 'udp', other: 'x', key: '' } }, known).settings,
    ).toEqual({
      transport: 'udp',
    });
  });
});
