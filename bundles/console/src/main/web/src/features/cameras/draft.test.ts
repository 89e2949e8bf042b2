// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { camera } from '../../../test/server';
import { changesOf, connectionDraft, newDraft, splitProblems, valuesOf } from './draft';

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
