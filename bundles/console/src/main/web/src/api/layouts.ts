// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';
import type { Page } from './types';

const LAYOUTS = '/api/v1/layouts';
const PER_PAGE = 1000;
const PAGES_MAX = 10;
export const LAYOUT_NAME_MAX = 60;
export const TOUR_STEPS_MAX = 64;
export const STEP_SECONDS_MIN = 2;
export const STEP_SECONDS_MAX = 3600;

export interface LayoutWall {
  grid: string;
  /** Those that the user may know of. */
  cameras: { cell: number; cameraId: string }[];
  /** The cell that shows whichever camera is selected elsewhere. */
  hotspot?: number;
}

export interface TourStep {
  layoutId: string;
  seconds: number;
}

/** A wall or a tour of walls under a name, as the server keeps it. */
export interface Layout {
  id: string;
  version: number;
  name: string;
  owner: string;
  /** Whether it is the user's own. */
  own: boolean;
  /** Who has one of these sees it too. */
  roles: string[];
  /** It stays as it is until somebody unlocks it. */
  locked: boolean;
  editable: boolean;
  wall?: LayoutWall;
  tour?: { steps: TourStep[] };
}

export type WallLayout = Layout & { wall: LayoutWall };
export type TourLayout = Layout & { tour: { steps: TourStep[] } };

export const isWall = (layout: Layout): layout is WallLayout => layout.wall !== undefined;
export const isTour = (layout: Layout): layout is TourLayout => layout.tour !== undefined;

/** What is to be kept, or to be another. */
export interface LayoutDraft {
  name?: string;
  wall?: LayoutWall;
  tour?: { steps: TourStep[] };
  roles?: string[];
  locked?: boolean;
}

export async function readLayouts(signal?: AbortSignal): Promise<Layout[]> {
  const layouts: Layout[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = `limit=${PER_PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const answer = await getJson<Page<Layout>>(`${LAYOUTS}?${query}`, signal);
    layouts.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) {
      break;
    }
  }
  return layouts;
}

export const addLayout = (draft: LayoutDraft) => sendJson<Layout>('POST', LAYOUTS, draft);

/**
 * Layouts that the user has or that are shared with the user.
 *
 * @param read how they are read
 * @param may whether the user may see any; else nobody is asked
 * @param refetchMs how often they are read anew; else when the window is looked at again
 */
export function useLayoutList(
  read: (signal?: AbortSignal) => Promise<Layout[]>,
  may: boolean,
  refetchMs?: number,
) {
  return useQuery({
    enabled: may,
    queryKey: ['layouts'],
    queryFn: ({ signal }) => read(signal),
    staleTime: refetchMs ?? 10_000,
    refetchInterval: refetchMs ?? false,
  });
}

/** Keeps a new one, or changes one upon what was read of it. */
export function useSaveLayout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ existing, draft }: { existing?: Layout; draft: LayoutDraft }) =>
      existing
        ? sendJson<Layout>('PATCH', `${LAYOUTS}/${existing.id}`, draft, {
            'If-Match': `"${existing.version}"`,
          })
        : addLayout(draft),
    // What is shown meanwhile is what was kept, not what was there before.
    onSuccess: (kept) =>
      client.setQueryData<Layout[]>(['layouts'], (known = []) =>
        known.some(({ id }) => id === kept.id)
          ? known.map((one) => (one.id === kept.id ? kept : one))
          : [...known, kept],
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ['layouts'] }),
  });
}

export function useRemoveLayout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Layout) =>
      request(`${LAYOUTS}/${id}`, { method: 'DELETE', headers: { 'If-Match': `"${version}"` } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['layouts'] }),
  });
}
