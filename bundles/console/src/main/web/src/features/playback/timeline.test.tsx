// SPDX-License-Identifier: Apache-2.0
import { act, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, server, withServer } from '../../../test/server';
import { serverClock } from '../../api/serverClock';
import type { Gap } from '../../api/types';
import { drawTimeline, LANE_PX, LANE_TOP, type Palette } from './drawTimeline';
import { hatch } from './hatch';
import type { Selection } from './selection';
import { Timeline } from './Timeline';
import { laneOf, momentAt, unionOf, unknownIn } from './timelineData';
import type { TimelineEvent } from './timelineEvents';
import { showing, type View } from './timeScale';
import { markedOf, useHiddenKinds } from './useHiddenKinds';
import type { Others } from './useOthers';

vi.mock('./hatch', () => ({ hatch: vi.fn() }));

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

const OTHERS: Others = {
  spans: [[START, START + 90 * MINUTE]],
  cameras: [
    { name: 'Gate', spans: [[START, START + 90 * MINUTE]] },
    { name: 'Yard', spans: [[START, START + 30 * MINUTE]] },
    ...['C', 'D', 'E', 'F'].map((name) => ({
      name,
      spans: [[START, START + 20 * MINUTE]] as [number, number][],
    })),
  ],
};

let position = 0;
let sought: number[] = [];

function Page({ chosen }: { chosen?: Selection }) {
  const [view, setView] = useState<View>({ from: START, to: START + 100 * MINUTE });
  return (
    <Timeline
      cameraId="a"
      view={view}
      lane={{ spans: [[START, START + 50 * MINUTE]], gaps: [] }}
      others={OTHERS}
      locks={[]}
      bookmarks={[]}
      events={EVENTS}
      chosen={chosen}
      position={() => position}
      onView={setView}
      onSeek={(utcMs) => {
        position = utcMs;
        sought.push(utcMs);
      }}
      onChoose={() => undefined}
    />
  );
}

function shown(chosen?: Selection) {
  renderPage(<Page chosen={chosen} />);
  const timeline = screen.getByTestId('timeline');
  for (const element of [timeline, timeline.parentElement as HTMLElement]) {
    element.getBoundingClientRect = () => new DOMRect(0, 0, WIDTH, 82);
  }
  const minutes = () => ({
    from: (Number(timeline.dataset.from) - START) / MINUTE,
    to: (Number(timeline.dataset.to) - START) / MINUTE,
  });
  return { timeline, minutes };
}

beforeEach(() => {
  position = START + 10 * MINUTE;
  sought = [];
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

  it('says which other cameras have footage of the moment under the pointer', () => {
    const { timeline } = shown();
    const tipAt = (minute: number) => {
      fireEvent.pointerMove(timeline, { pointerId: 1, clientX: minute * 10, clientY: 50 });
      return screen.getByTestId('timeline-tip').textContent;
    };
    expect(tipAt(70)).toContain('Others of the wall with footage then: Gate');
    expect(tipAt(70)).not.toContain('Yard');
    expect(tipAt(25)).toContain('then: Gate, Yard');
    expect(tipAt(10)).toContain('then: Gate, Yard, C, D and 2 more');
    expect(tipAt(95)).not.toContain('Others');
  });

  it('shows 30 days by a double click, playing on from where it was, and by another one what was shown before', () => {
    const { timeline, minutes } = shown();
    const twice = (clientX: number) => {
      for (let click = 0; click < 2; click++) {
        fireEvent.pointerDown(timeline, { pointerId: 1, button: 0, clientX, clientY: 50 });
        fireEvent.pointerUp(timeline, { pointerId: 1, button: 0, clientX, clientY: 50 });
      }
      fireEvent.doubleClick(timeline, { clientX, clientY: 50 });
    };
    const days = () => (minutes().to - minutes().from) / 1440;
    twice(300);
    expect(days()).toBeCloseTo(30, 5);
    expect(minutes().from, 'the moment is among them').toBeLessThan(30);
    expect(minutes().to, 'and hardly any of the future').toBeCloseTo(7 * 1440 + 0.03 * 30 * 1440, 1);
    expect(sought.at(-1)).toBe(START + 10 * MINUTE);
    twice(900);
    expect(minutes()).toEqual({ from: 0, to: 100 });
  });

  it('after a double click shows around another moment as much as before, when it was moved meanwhile', () => {
    const { timeline, minutes } = shown();
    fireEvent.doubleClick(timeline, { clientX: 300, clientY: 50 });
    fireEvent.wheel(timeline, { deltaX: -100, clientX: 300 });
    const pointed = minutes().from + 0.3 * (minutes().to - minutes().from);
    fireEvent.doubleClick(timeline, { clientX: 300, clientY: 50 });
    expect(minutes().to - minutes().from).toBeCloseTo(100, 3);
    expect(minutes().from + 30).toBeCloseTo(pointed, 1);
  });

  it('shows a minute after 60 notches of the wheel, and 30 days by a button and by keys', async () => {
    const { timeline, minutes } = shown();
    await userEvent.click(screen.getByTestId('timeline-longest'));
    expect(minutes().to - minutes().from).toBeCloseTo(30 * 1440, 3);
    for (let notch = 0; notch < 60; notch++) {
      fireEvent.wheel(timeline, { deltaY: -100, clientX: 700 });
    }
    expect(minutes().to - minutes().from).toBeCloseTo(1, 3);
    timeline.focus();
    await userEvent.keyboard('-');
    expect(minutes().to - minutes().from).toBeCloseTo(2, 3);
    await userEvent.keyboard('+');
    expect(minutes().to - minutes().from).toBeCloseTo(1, 3);
    await userEvent.keyboard('-'.repeat(16));
    expect(minutes().to - minutes().from).toBeCloseTo(30 * 1440, 3);
    expect(screen.getByTestId('timeline-longest').getAttribute('aria-label')).toContain('shown before');
    await userEvent.click(screen.getByTestId('timeline-longest'));
    expect(minutes().to - minutes().from, 'as much as before').toBeCloseTo(100, 3);
  });
});

describe('what is not known yet', () => {
  const lane = (spans: [number, number][], gaps: Gap[] = []) => ({
    spans,
    gaps,
    known: { from: 1_000_000, to: 2_000_000 },
  });
  const wide = { from: 500_000, to: 3_000_000 };

  it('is what was not asked for, and the newest end of what grows; never the future', () => {
    expect(unknownIn(lane([[1_000_000, 1_500_000]]), wide, 2_500_000)).toEqual([
      [500_000, 1_000_000],
      [2_000_000, 2_500_000],
    ]);
    expect(unknownIn(lane([[1_000_000, 1_890_000]]), wide, 1_900_000)).toEqual([
      [500_000, 1_000_000],
      [1_890_000, 1_900_000],
    ]);
    expect(unknownIn(laneOf(undefined, 'a'), wide, 2_500_000), 'nothing was answered').toEqual([
      [500_000, 2_500_000],
    ]);
  });

  it('is not where it is known that nothing is recorded', () => {
    const ended = lane([[1_000_000, 1_890_000]], [{ start: 1_890_000, cause: 'camera_unreachable' }]);
    expect(unknownIn(ended, { from: 1_000_000, to: 3_000_000 }, 1_900_000)).toEqual([]);
    expect(unknownIn(lane([[1_000_000, 1_500_000]]), { from: 1_000_000, to: 3_000_000 }, 1_900_000)).toEqual(
      [],
    );
  });

  it('is told apart from gaps and from what is to come', () => {
    const grows = lane([[1_000_000, 1_890_000]], [{ start: 1_200_000, end: 1_300_000, cause: 'disk_full' }]);
    const kindAt = (utcMs: number) =>
      momentAt({ ...grows, spans: [[1_300_000, 1_890_000]] }, utcMs, 1_900_000).kind;
    expect([1_250_000, 1_800_000, 1_895_000, 1_950_000, 900_000, 1_100_000].map(kindAt)).toEqual([
      'gap',
      'recorded',
      'unknown',
      'future',
      'unknown',
      'nothing',
    ]);
  });

  it('is hatched in the lane, the future over all of the height', () => {
    const hatched: string[] = [];
    const canvas = new Proxy(
      {},
      {
        get: (_, name) =>
          name === 'measureText'
            ? () => ({ width: 10 })
            : name === 'getTransform'
              ? () => ({ a: 1 })
              : name === 'fillRect'
                ? (x: number, y: number, width: number, height: number) =>
                    hatched.push(`${fill} ${x} ${y} ${width} ${height}`)
                : () => undefined,
        set: (_, name, value) => {
          fill = name === 'fillStyle' ? value : fill;
          return true;
        },
      },
    );
    let fill: unknown = '';
    vi.mocked(hatch).mockImplementation((_canvas, bars, top, height, colour) => {
      for (const { left, right } of bars) {
        hatched.push(`hatch ${colour} ${left} ${top} ${right - left} ${height}`);
      }
    });
    drawTimeline(canvas as CanvasRenderingContext2D, 1_000, 82, {
      view: { from: 1_000_000, to: 2_000_000 },
      lane: lane([[1_000_000, 1_890_000]]),
      nowMs: 1_900_000,
      positionMs: 1_000_000,
      locks: [],
      bookmarks: [],
      events: [],
      palette: { dim: 'unknown', line: 'future', event: {} } as Palette,
    });
    expect(hatched.filter((one) => one.startsWith('hatch'))).toEqual([
      `hatch unknown 890 ${LANE_TOP} 10 ${LANE_PX}`,
      'hatch future 900 0 100 82',
    ]);
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
