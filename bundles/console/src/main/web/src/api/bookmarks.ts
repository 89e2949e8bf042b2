// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, request, sendJson } from './client';

const BOOKMARKS = '/api/v1/bookmarks';
const SHOWN_MAX = 100;

/** A moment or a stretch of footage to which somebody gave a name. */
export interface Bookmark {
  id: string;
  version: number;
  /** Those whose footage the user may see. */
  cameraIds: string[];
  from: string;
  /** Absent for a moment. */
  to?: string;
  title: string;
  text: string;
  tags: string[];
  author: string;
  created: string;
  updated: string;
  editable: boolean;
}

export interface BookmarkDraft {
  /** Absent: they stay as they are. */
  cameraIds?: string[];
  from: string;
  to: string;
  title: string;
  text: string;
  tags: string[];
}

export interface BookmarkPage {
  items: Bookmark[];
  nextCursor?: string;
}

/**
 * The latest bookmarks, or those in which all words are found.
 *
 * @param cameraId absent for those of all cameras
 */
export function useBookmarks(cameraId: string | undefined, text: string) {
  return useQuery({
    queryKey: ['bookmarks', cameraId, text],
    queryFn: ({ signal }) =>
      getJson<BookmarkPage>(
        `${BOOKMARKS}?${new URLSearchParams({ ...(cameraId ? { cameras: cameraId } : {}), text, limit: String(SHOWN_MAX) })}`,
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** Of so many bookmarks, the latest of all cameras, the tags are offered. */
const TAGS_OF_MAX = 200;

/** Tags that are in use, those of the most bookmarks first. */
export function useKnownTags() {
  return useQuery({
    queryKey: ['bookmarks', 'tags'],
    queryFn: ({ signal }) => getJson<BookmarkPage>(`${BOOKMARKS}?limit=${TAGS_OF_MAX}`, signal),
    select: ({ items }) => {
      const uses = new Map<string, number>();
      for (const tag of items.flatMap(({ tags }) => tags)) {
        uses.set(tag, (uses.get(tag) ?? 0) + 1);
      }
      return [...uses].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([tag]) => tag);
    },
  });
}

function useRenewed() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ['bookmarks'] });
    void client.invalidateQueries({ queryKey: ['timeline'] });
  };
}

/** Sets a bookmark, or changes one that was read before. */
export function useSaveBookmark() {
  const onSettled = useRenewed();
  return useMutation({
    mutationFn: ({ existing, draft }: { existing?: Bookmark; draft: BookmarkDraft }) =>
      existing
        ? sendJson<Bookmark>('PATCH', `${BOOKMARKS}/${existing.id}`, draft, {
            'If-Match': `"${existing.version}"`,
          })
        : sendJson<Bookmark>('POST', BOOKMARKS, draft),
    onSettled,
  });
}

export function useRemoveBookmark() {
  const onSettled = useRenewed();
  return useMutation({
    mutationFn: ({ id, version }: Bookmark) =>
      request(`${BOOKMARKS}/${id}`, { method: 'DELETE', headers: { 'If-Match': `"${version}"` } }),
    onSettled,
  });
}
