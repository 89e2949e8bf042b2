// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Still } from '../exact/messages';
import { Screen } from './screen';

const SIZE = { width: 4, height: 2 };
const always = () => true;

/** A decoded frame of one grey; it is there when it is let go. */
function frame(grey: number, rect: { width: number; height: number } = SIZE) {
  let letGo: () => void = () => undefined;
  const there = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const copyTo = vi.fn(async (room: Uint8ClampedArray) => {
    await there;
    room.fill(grey);
    return [];
  });
  const allocationSize = vi.fn(() => SIZE.width * SIZE.height * 4);
  const clone = { copyTo, close: vi.fn() };
  const image = { visibleRect: rect, allocationSize, copyTo, clone: () => clone };
  const still = { image, ...SIZE, bytes: 12 } as unknown as Still;
  return { still, copyTo, allocationSize, clone, letGo };
}

describe('screen', () => {
  const put = vi.fn();
  const draw = vi.fn();
  let screen: Screen;

  beforeEach(() => {
    // As a browser's: jsdom has none.
    vi.stubGlobal(
      'ImageData',
      class {
        constructor(
          readonly data: Uint8ClampedArray,
          readonly width: number,
          readonly height: number,
        ) {}
      },
    );
    const context = { putImageData: put, drawImage: draw } as unknown as CanvasRenderingContext2D;
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
    screen = new Screen();
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    put.mockReset();
    draw.mockReset();
  });

  const greys = () => put.mock.calls.map(([{ data }]) => data[0]);

  it('paints a frame by the values of its pixels, and draws none', async () => {
    const { still, copyTo, letGo } = frame(7);
    letGo();
    put.mockImplementation(({ data, width, height }) => {
      expect([data.length, width, height, data[0]]).toEqual([32, 4, 2, 7]);
    });
    await screen.paint(still, 1_000, always);
    expect(copyTo).toHaveBeenCalledWith(expect.anything(), { format: 'RGBA' });
    expect(put).toHaveBeenCalledOnce();
    expect(draw).not.toHaveBeenCalled();
    expect(screen.isPainted()).toBe(true);
  });

  it('paints many in the same room', async () => {
    const rooms = new Set<unknown>();
    for (let n = 0; n < 5; n++) {
      const { still, copyTo, letGo } = frame(n);
      letGo();
      await screen.paint(still, n, always);
      rooms.add(copyTo.mock.calls[0]?.[0]);
    }
    expect(rooms.size).toBe(1);
  });

  it('paints what is wanted when it is ready, whichever is ready first', async () => {
    let wanted = 1;
    const first = frame(1);
    const second = frame(2);
    const early = screen.paint(first.still, 1, () => wanted === 1);
    wanted = 2;
    const late = screen.paint(second.still, 2, () => wanted === 2);
    second.letGo();
    await late;
    first.letGo();
    await early;
    expect(greys()).toEqual([2]);
    expect(screen.shown().element).toMatchObject({ dataset: { utc: '2' } });
  });

  it('draws an image, and a frame that is shown in another form than it has', async () => {
    const image = { close: vi.fn() };
    await screen.paint({ image, ...SIZE, bytes: 32 } as unknown as Still, 1, always);
    expect(draw).toHaveBeenLastCalledWith(image, 0, 0, 4, 2);
    const { still, copyTo } = frame(1, { width: 2, height: 2 });
    await screen.paint(still, 2, always);
    expect(copyTo).not.toHaveBeenCalled();
    expect(draw).toHaveBeenLastCalledWith(still.image, 0, 0, 4, 2);
    expect(put).not.toHaveBeenCalled();
  });

  it('draws where the browser does not convert', async () => {
    const { still, copyTo, allocationSize } = frame(1);
    // One that knows no formats: a luma plane, and two of chroma a quarter as large.
    allocationSize.mockReturnValue(12);
    await screen.paint(still, 1, always);
    expect(copyTo).not.toHaveBeenCalled();
    expect(draw).toHaveBeenLastCalledWith(still.image, 0, 0, 4, 2);
    allocationSize.mockImplementation(() => {
      throw new DOMException('no such format', 'NotSupportedError');
    });
    await screen.paint(still, 2, always);
    expect(draw).toHaveBeenCalledTimes(2);
    expect(screen.shown().element).toMatchObject({ dataset: { utc: '2' } });
  });

  it('draws what is its own where the values cannot be read, as the picture may be gone by then', async () => {
    const { still, copyTo, clone } = frame(1);
    copyTo.mockRejectedValue(new DOMException('of a graphics card', 'NotSupportedError'));
    await screen.paint(still, 1, always);
    expect(draw).toHaveBeenCalledOnce();
    expect(draw).toHaveBeenLastCalledWith(clone, 0, 0, 4, 2);
    expect(clone.close).toHaveBeenCalledOnce();
    expect(screen.isPainted()).toBe(true);
  });

  it('draws at once what it cannot read, and nothing that is not wanted', async () => {
    const image = { close: vi.fn() };
    const still = { image, ...SIZE, bytes: 32 } as unknown as Still;
    const drawn = screen.paint(still, 1, always);
    expect(draw).toHaveBeenCalledOnce();
    await drawn;
    await screen.paint(still, 2, () => false);
    expect(draw).toHaveBeenCalledOnce();
  });
});
