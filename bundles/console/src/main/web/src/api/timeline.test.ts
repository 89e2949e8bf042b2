// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { api, problem, server, withServer } from '../../test/server';
import { askTimeline } from './timeline';
import type { TimelineAnswer, TimelineChange } from './types';

withServer();

const gap = (start: number, end?: number) => ({ start, end, cause: 'disk_full' });
const KNOWN: TimelineAnswer = {
  from: '1970-01-01T00:00:00.000Z',
  to: '1970-01-01T00:00:01.000Z',
  bucketMs: 1,
  cursor: 'one',
  cameras: [
    {
      cameraId: 'a',
      spans: [
        [0, 100],
        [300, 590],
      ],
      gaps: [gap(100, 300), gap(590)],
      first: 0,
      last: 590,
    },
    { cameraId: 'b', spans: [[10, 20]], gaps: [], first: 10, last: 20 },
  ],
  bookmarks: [{ id: 'x', cameraIds: ['a'], start: 5, title: 'Door' }],
  bookmarksLeftOut: false,
};
const CHANGE: TimelineChange = {
  from: '1970-01-01T00:00:00.000Z',
  to: '1970-01-01T00:00:01.000Z',
  bucketMs: 1,
  cursor: 'two',
  delta: true,
  cameras: [],
  bookmarksLeftOut: false,
};

function answers(...changes: (TimelineChange | TimelineAnswer | Response)[]) {
  const asked: (string | null)[] = [];
  server.use(
    http.get(api('/api/v1/timeline'), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('since'));
      const next = changes.shift();
      return next instanceof Response ? next : HttpResponse.json(next);
    }),
  );
  return asked;
}

const ask = (known?: TimelineAnswer) => askTimeline('/api/v1/timeline?cameras=a,b', known);

describe('a timeline that is asked for again', () => {
  it('is asked for what changed since, and keeps what did not', async () => {
    const asked = answers(KNOWN, CHANGE);
    const known = await ask();
    const same = await ask(known);
    expect(asked).toEqual([null, 'one']);
    expect(same).toEqual({ ...KNOWN, cursor: 'two' });
  });

  it('goes on behind what is kept of a lane', async () => {
    answers({
      ...CHANGE,
      cameras: [
        {
          cameraId: 'a',
          keptTo: 300,
          spans: [
            [300, 590],
            [610, 700],
          ],
          gaps: [gap(590, 610)],
          first: 0,
          last: 700,
        },
      ],
    });
    const lanes = (await ask(KNOWN)).cameras;
    expect(lanes[0]).toEqual({
      cameraId: 'a',
      spans: [
        [0, 100],
        [300, 590],
        [610, 700],
      ],
      gaps: [gap(100, 300), gap(590, 610)],
      first: 0,
      last: 700,
    });
    expect(lanes[1]).toBe(KNOWN.cameras[1]);
  });

  it('takes a lane, bookmarks and an answer that are told whole as they are', async () => {
    const lane = { cameraId: 'a', spans: [] as [number, number][], gaps: [] };
    const whole = { ...KNOWN, cursor: 'three', cameras: [lane], bookmarks: [] };
    answers({ ...CHANGE, cameras: [lane], bookmarks: [] }, { ...whole, delta: false });
    const other = await ask(KNOWN);
    expect(other.cameras).toEqual([lane, KNOWN.cameras[1]]);
    expect(other.bookmarks).toEqual([]);
    expect(await ask(other)).toEqual(whole);
  });

  it('is asked for whole by a server that knows no cursor', async () => {
    const asked = answers(problem(400, 'malformed', '"since" is no cursor'), KNOWN);
    expect(await ask(KNOWN)).toEqual(KNOWN);
    expect(asked).toEqual(['one', null]);
  });
});
