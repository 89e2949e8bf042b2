// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, server, withServer } from '../../../test/server';
import { serverClock } from '../../api/serverClock';
import type { Selection } from './selection';
import { Timeline } from './Timeline';
import { unionOf } from './timelineData';
import type { TimelineEvent } from './timelineEvents';
import { showing, type View } from './timeScale';
import { markedOf, useHiddenKinds } from './useHiddenKinds';

withServer();

const START = Date.parse('2026-11-25T10:00:00Z');
const MINUTE = 60_000;
const WIDTH = 1_000;

const event = (kind: string, minute: number): TimelineEvent => ({
  id: `${kind}-${minute}`,
  kind,
  severity: 'info',
  start: START + minute * MINUTE,
});
const EVENTS = [event('camera.motion', 5), event('camera.motion', 6), event('camera.input', 20)];

function Page({ chosen }: { chosen?: Selection }) {
  const [view, setView] = useState<View>({ from: START, to: START + 100 * MINUTE });
  return (
    <Timeline
      cameraId="a"
      view={view}
      lane={{ spans: [[START, START + 50 * MINUTE]], gaps: [] }}
      others={[[START, START + 90 * MINUTE]]}
      locks={[]}
      bookmarks={[]}
      events={EVENTS}
      chosen={chosen}
      position={() => START + 10 * MINUTE}
      onView={setView}
      onSeek={() => undefined}
      onChoose={() => undefined}
    />
  );
}

function shown(chosen?: Selection) {
  renderPage(<Page chosen={chosen} />);
  const timeline = screen.getByTestId('timeline');
  timeline.getBoundingClientRect = () => new DOMRect(0, 0, WIDTH, 82);
  const minutes = () => ({
    from: (Number(timeline.dataset.from) - START) / MINUTE,
    to: (Number(timeline.dataset.to) - START) / MINUTE,
  });
  return { timeline, minutes };
}

beforeEach(() => {
  // jsdom draws nothing.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  vi.spyOn(serverClock, 'now').mockReturnValue(START + 7 * 24 * 60 * MINUTE);
  useHiddenKinds.setState({ hidden: [] });
  server.use(http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })));
});

describe('the timeline', () => {
  it('shows less time when two fingers go apart, with the moment between them staying there', () => {
    const { timeline, minutes } = shown();
    const finger = (pointerId: number, clientX: number) => ({
      pointerId,
      pointerType: 'touch',
      button: 0,
      clientX,
      clientY: 50,
    });
    fireEvent.pointerDown(timeline, finger(1, 400));
    fireEvent.pointerDown(timeline, finger(2, 600));
    fireEvent.pointerMove(timeline, finger(1, 300));
    fireEvent.pointerMove(timeline, finger(2, 700));
    // From 200 to 400 pixels apart around the middle, which is at 50 minutes.
    expect(minutes().from).toBeCloseTo(25, 1);
    expect(minutes().to).toBeCloseTo(75, 1);
    // Both to the right: an earlier time.
    fireEvent.pointerMove(timeline, finger(1, 400));
    fireEvent.pointerMove(timeline, finger(2, 800));
    expect(minutes().from).toBeCloseTo(20, 1);
    expect(minutes().to).toBeCloseTo(70, 1);
  });

  it('shows all of a chosen stretch when it is asked to', async () => {
    const { minutes } = shown({ from: START + 10 * MINUTE, to: START + 18 * MINUTE });
    await userEvent.click(screen.getByTestId('timeline-zoom-chosen'));
    expect(minutes()).toEqual({ from: 9, to: 19 });
    expect(showing({ from: START, to: START + 1_000 })).toEqual({ from: START - 29_500, to: START + 30_500 });
  });

  it('marks the kinds of events that are wanted, and remembers which are not', async () => {
    const { timeline } = shown();
    expect(timeline.dataset.events).toBe('3');
    await userEvent.click(screen.getByTestId('timeline-kinds'));
    const motion = await screen.findByTestId('timeline-kind-camera.motion');
    expect(motion.textContent).toContain('Motion');
    expect(motion.textContent).toContain('2');
    await userEvent.click(motion);
    expect(timeline.dataset.events).toBe('1');
    expect(markedOf(EVENTS).map(({ kind }) => kind)).toEqual(['camera.input']);
    expect(JSON.parse(localStorage.getItem('nxvms.timeline') ?? '{}').state.hidden).toEqual([
      'camera.motion',
    ]);
    await userEvent.click(motion);
    expect(timeline.dataset.events).toBe('3');
  });

  it('says where other cameras have footage and this one has none', () => {
    const { timeline } = shown();
    fireEvent.pointerMove(timeline, { pointerId: 1, clientX: 700, clientY: 50 });
    expect(screen.getByTestId('timeline-tip').textContent).toContain('Others of the wall have footage then');
    fireEvent.pointerMove(timeline, { pointerId: 1, clientX: 950, clientY: 50 });
    expect(screen.getByTestId('timeline-tip').textContent).not.toContain('Others');
  });
});

describe('footage of several cameras in one', () => {
  it('is where at least one has some', () => {
    const lane = (...spans: [number, number][]) => ({ spans, gaps: [] });
    expect(unionOf([lane([0, 10], [50, 60]), lane([5, 20]), lane([20, 30], [70, 80])])).toEqual([
      [0, 30],
      [50, 60],
      [70, 80],
    ]);
    expect(unionOf([lane([0, 100]), lane([10, 20])])).toEqual([[0, 100]]);
    expect(unionOf([])).toEqual([]);
  });

  it('leaves the answers as they are', () => {
    const spans: [number, number][] = [
      [0, 10],
      [5, 20],
    ];
    unionOf([{ spans, gaps: [] }]);
    expect(spans).toEqual([
      [0, 10],
      [5, 20],
    ]);
  });
});

describe('hidden kinds', () => {
  it('that were kept wrongly are none', async () => {
    localStorage.setItem('nxvms.timeline', JSON.stringify({ version: 1, state: { hidden: ['x', 7, null] } }));
    await act(async () => useHiddenKinds.persist.rehydrate());
    expect(useHiddenKinds.getState().hidden).toEqual(['x']);
  });
});
