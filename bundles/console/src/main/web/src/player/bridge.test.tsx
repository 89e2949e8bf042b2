// SPDX-License-Identifier: Apache-2.0
import { render } from '@testing-library/react';
import { useRef } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ShownPicture } from './mse/video';
import type { PlayerPhase } from './types';
import { useBridge } from './useBridge';

/** What was drawn, into which canvas. */
let drawn: CanvasImageSource[];

beforeEach(() => {
  vi.useFakeTimers();
  drawn = [];
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({
    drawImage: (image: CanvasImageSource) => drawn.push(image),
  } as unknown as CanvasRenderingContext2D);
  return () => vi.useRealTimers();
});

const video = document.createElement('video');
const picture = (width = 1920, height = 1080): ShownPicture => ({ element: video, width, height });

function Page({ cameraId, phase, shown }: { cameraId: string; phase: PlayerPhase; shown?: ShownPicture }) {
  const host = useRef<HTMLDivElement>(null);
  useBridge(cameraId, host, { onScreen: () => shown }, phase);
  return (
    <div ref={host} data-testid={`host-${cameraId}`}>
      <span>player</span>
    </div>
  );
}

const kept = (container: HTMLElement) => container.querySelector<HTMLCanvasElement>('canvas[data-kept]');

describe('from one page to another', () => {
  it('the last picture of a camera stands below the next player until that has its own', () => {
    const { container, rerender } = render(<Page key="live" cameraId="a" phase="live" shown={picture()} />);
    expect(kept(container)).toBeNull();
    rerender(<Page key="footage" cameraId="a" phase="idle" />);
    const cover = kept(container);
    expect([cover?.width, cover?.height], 'no larger than it needs to be').toEqual([960, 540]);
    expect(drawn).toEqual([video]);
    expect(cover?.nextElementSibling?.tagName, 'the player is above').toBe('SPAN');
    rerender(<Page key="footage" cameraId="a" phase="buffering" />);
    expect(kept(container)).toBe(cover);
    rerender(<Page key="footage" cameraId="a" phase="paused" shown={picture()} />);
    expect(kept(container)).toBeNull();
  });

  it('it is handed on by a page that never had one of its own', () => {
    const { container, rerender } = render(
      <Page key="1" cameraId="b" phase="live" shown={picture(640, 360)} />,
    );
    rerender(<Page key="2" cameraId="b" phase="buffering" shown={picture(0, 0)} />);
    const cover = kept(container);
    rerender(<Page key="3" cameraId="b" phase="connecting" />);
    expect(kept(container)).not.toBe(cover);
    expect(drawn).toEqual([video, cover]);
  });

  it('it is not that of another camera, of one that failed, or of long ago', () => {
    const { container, rerender } = render(<Page key="1" cameraId="c" phase="live" shown={picture()} />);
    rerender(<Page key="2" cameraId="d" phase="connecting" />);
    expect(kept(container)).toBeNull();
    rerender(<Page key="3" cameraId="c" phase="offline" />);
    expect(kept(container)).toBeNull();
    rerender(<Page key="4" cameraId="c" phase="live" shown={picture()} />);
    rerender(<Page key="5" cameraId="e" phase="connecting" />);
    vi.advanceTimersByTime(5_001);
    rerender(<Page key="6" cameraId="c" phase="connecting" />);
    expect(kept(container)).toBeNull();
  });
});
