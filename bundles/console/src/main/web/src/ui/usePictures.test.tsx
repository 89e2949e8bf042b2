// SPDX-License-Identifier: Apache-2.0
import { waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PictureWish, TakenPicture } from '../player/types';
import { mayCopy, takePicture, usePictures } from './usePictures';

const said = vi.hoisted(() => ({ saved: [] as string[], toasts: [] as string[] }));
vi.mock('./download', () => ({
  savePicture: (_blob: Blob, name: string, utcMs: number) => said.saved.push(`${name} ${utcMs}`),
}));
vi.mock('./toast', () => ({ toast: (text: string) => said.toasts.push(text) }));

const TAKEN = Date.parse('2026-11-25T18:00:00.250Z');

/** A player whose picture of half a second ago is taken. */
function player() {
  const wishes: PictureWish[] = [];
  return {
    wishes,
    snapshot: async (wish: PictureWish = {}): Promise<TakenPicture> => {
      wishes.push(wish);
      return { blob: new Blob(['picture'], { type: wish.type }), utcMs: TAKEN };
    },
  };
}

beforeEach(() => {
  said.saved = [];
  said.toasts = [];
  usePictures.setState({ captioned: false });
});

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'clipboard');
});

describe('a picture', () => {
  it('is saved by the time at which it was taken', async () => {
    const door = player();
    takePicture(door, 'Door');
    await waitFor(() => expect(said.saved).toEqual([`Door ${TAKEN}`]));
    expect(door.wishes[0]?.caption).toBeUndefined();
  });

  it('has camera and time in it, when that is wanted', async () => {
    usePictures.getState().setCaptioned(true);
    const door = player();
    takePicture(door, 'Door');
    await waitFor(() => expect(said.saved).toHaveLength(1));
    const text = door.wishes[0]?.caption?.(TAKEN) ?? '';
    expect(text).toContain('Door');
    expect(text).toContain('00.250');
    expect(JSON.parse(localStorage.getItem('nxvms.pictures') ?? '{}').state).toEqual({ captioned: true });
  });

  it('is copied as PNG', async () => {
    const copied: Promise<Blob>[] = [];
    vi.stubGlobal(
      'ClipboardItem',
      class {
        constructor(items: Record<string, Promise<Blob>>) {
          copied.push(items['image/png'] as Promise<Blob>);
        }
      },
    );
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { write: async () => undefined },
    });
    expect(mayCopy()).toBe(true);
    takePicture(player(), 'Door', 'copy');
    await waitFor(() => expect(said.toasts).toHaveLength(1));
    expect((await copied[0])?.type).toBe('image/png');
    expect(said.saved).toEqual([]);
  });

  it('is not copied where the browser gives no clipboard, and that is said', async () => {
    vi.stubGlobal('ClipboardItem', undefined);
    takePicture(player(), 'Door', 'copy');
    await waitFor(() => expect(said.toasts[0]).toContain('HTTPS'));
  });

  it('that there is none of is said, too', async () => {
    takePicture({ snapshot: () => Promise.reject(new Error('there is no picture yet')) }, 'Door');
    await waitFor(() => expect(said.toasts).toEqual(['there is no picture yet']));
    takePicture(undefined, 'Door');
    expect(said.saved).toEqual([]);
  });
});
