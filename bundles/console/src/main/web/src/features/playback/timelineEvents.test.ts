// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { EventItem } from '../../api/types';
import { eventAt, eventBeside, markedFrom, marksOf } from './timelineEvents';

const AT = Date.parse('2026-11-25T18:00:00Z');

const event = (id: string, kind: string, seconds: number, extra: Partial<EventItem> = {}): EventItem => ({
  id,
  sequence: 1,
  serverId: 's',
  kind,
  severity: 'info',
  source: { type: 'camera', id: 'a' },
  form: 'pulse',
  start: new Date(AT + seconds * 1000).toISOString(),
  detail: '',
  attributes: {},
  ...extra,
});

// As the server answers: the newest first.
const PAGE = {
  items: [
    event('late', 'camera.motion', 60, { end: new Date(AT + 65_000).toISOString() }),
    event('gap', 'recording.gap', 30),
    event('down', 'stream.down', 20),
    event('door', 'acme.door_forced', 10, { severity: 'critical' }),
    event('early', 'camera.motion', 0),
  ],
};
const marks = marksOf(PAGE);

describe('events on the timeline', () => {
  it('are those the lane does not show already, the oldest first', () => {
    expect(marks.map(({ id }) => id)).toEqual(['early', 'door', 'late']);
    expect(marks[2]).toEqual({
      id: 'late',
      kind: 'camera.motion',
      severity: 'info',
      start: AT + 60_000,
      end: AT + 65_000,
    });
    expect(marksOf(undefined)).toEqual([]);
  });

  it('are all there, or it is said from when on', () => {
    expect(markedFrom(PAGE)).toBeUndefined();
    expect(markedFrom({ ...PAGE, nextCursor: 'more' })).toBe(AT);
    expect(markedFrom(undefined)).toBeUndefined();
  });

  it('are gone through in both directions, from one to the next', () => {
    expect(eventBeside(marks, AT - 9_000, 1)?.id).toBe('early');
    expect(eventBeside(marks, AT + 9_980, 1)?.id).toBe('late');
    expect(eventBeside(marks, AT + 60_000, 1)).toBeUndefined();
    expect(eventBeside(marks, AT + 60_000, -1)?.id).toBe('door');
    expect(eventBeside(marks, AT + 9_980, -1)?.id).toBe('early');
    expect(eventBeside(marks, AT, -1)).toBeUndefined();
  });

  it('are found under the pointer, the nearest of several', () => {
    expect(eventAt(marks, AT + 7_000, 20_000)?.id).toBe('door');
    expect(eventAt(marks, AT + 7_000, 1_000)).toBeUndefined();
  });
});
