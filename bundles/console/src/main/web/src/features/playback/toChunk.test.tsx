// SPDX-License-Identifier: Apache-2.0
import { renderHook, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useToChunk } from './useToChunk';

const { toast } = vi.hoisted(() => ({ toast: vi.fn() }));
vi.mock('../../ui/toast', () => ({ toast }));

beforeEach(() => toast.mockReset());

describe('the file before or behind', () => {
  const go = (beginningBeside: () => Promise<number | undefined>, seekTo = vi.fn()) => {
    const { result } = renderHook(() => useToChunk({ beginningBeside }, () => 5_000, seekTo));
    result.current(1);
    return seekTo;
  };

  it('is gone to where it begins', async () => {
    const seekTo = go(async () => 7_000);
    await waitFor(() => expect(seekTo).toHaveBeenCalledWith(7_001));
    expect(toast).not.toHaveBeenCalled();
  });

  it('is said not to be there only where the server says so', async () => {
    const none = go(async () => undefined);
    await waitFor(() => expect(toast).toHaveBeenCalledWith('No recording begins later'));
    toast.mockReset();
    const away = go(async () => {
      throw new Error('The server is busy.');
    });
    await waitFor(() => expect(toast).toHaveBeenCalledWith('The server is busy.', 'error'));
    expect(none).not.toHaveBeenCalled();
    expect(away).not.toHaveBeenCalled();
  });
});
