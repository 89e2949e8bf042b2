// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../api/types';
import { indexAt, recordingsOf } from './recordings';

const file = (startMs: number, durationMs: number, extra: Partial<Segment> = {}) =>
  ({ id: `s${startMs}`, startMs, durationMs, bytes: 10, open: false, ...extra }) as Segment;

describe('recordings', () => {
  it('are stretches of files without an interruption, the newest first, with why something is missing between', () => {
    const files = [
      file(120_000, 60_000),
      file(0, 60_000),
      file(60_040, 59_960),
      file(600_000, 30_000, { open: true }),
      // Asked for twice, at the border of two days.
      file(120_000, 60_000),
    ];
    const gaps = [
      { start: 400_000, end: 600_000, cause: 'camera_unreachable' },
      { start: 180_000, end: 300_000, cause: 'server_down' },
      { start: 300_000, end: 400_000, cause: 'server_down' },
      { start: 700_000, cause: 'disk_full' },
    ];
    expect(recordingsOf(files, gaps, 700_000)).toEqual([
      {
        from: 600_000,
        to: 630_000,
        bytes: 10,
        open: true,
        missing: { ms: 420_000, causes: ['server_down', 'camera_unreachable'] },
      },
      { from: 0, to: 180_000, bytes: 30, open: false, missing: undefined },
    ]);
  });

  it('have each second once, where a clock was set back', () => {
    const [only, ...others] = recordingsOf([file(0, 60_000), file(30_000, 20_000)], [], 100_000);
    expect(only).toMatchObject({ from: 0, to: 60_000, bytes: 20 });
    expect(others).toEqual([]);
  });

  it('are told apart also where nobody knows why', () => {
    const [later] = recordingsOf([file(0, 60_000), file(62_000, 60_000)], [], 200_000);
    expect(later?.missing).toEqual({ ms: 2_000, causes: [] });
  });

  it('are found by a moment: the one it is in, else the last one before it', () => {
    const found = recordingsOf([file(0, 60_000), file(100_000, 60_000)], [], 200_000);
    expect([30_000, 80_000, 100_000, 190_000, -5].map((moment) => indexAt(found, moment))).toEqual([
      1, 1, 0, 0, 1,
    ]);
  });
});
