// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { happeningAt, isPlayed, LEAD_MS, momentOf } from './moment';

describe('an address of what happened', () => {
  it('is of a little before, and played; one of a moment is not', () => {
    const happened = Date.UTC(2026, 10, 28, 12);
    const { pathname, searchParams } = new URL(happeningAt('gate', happened), 'https://nvr');
    expect(pathname).toBe('/playback/gate');
    expect(momentOf(searchParams.get('t'))).toBe(happened - LEAD_MS);
    expect(isPlayed(searchParams)).toBe(true);
    expect(isPlayed(new URLSearchParams({ t: '2026-11-28T12:00:00Z' }))).toBe(false);
  });
});
