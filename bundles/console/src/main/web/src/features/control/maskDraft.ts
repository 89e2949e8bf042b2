// SPDX-License-Identifier: Apache-2.0
import {
  addMask,
  changeMask,
  type MaskChange,
  type MaskSettings,
  type PrivacyMask,
  type PrivacyMaskOptions,
  removeMask,
} from '../../api/privacyMasks';
import { corners, rectangleOf } from '../../ui/boxes/corners';
import type { Rect } from '../../ui/boxes/rects';

/** Cameras round to pixels. */
const SAME = 0.002;

/** A mask as it shall be; one without a token is new. */
export interface MaskDraft {
  key: string;
  token?: string;
  /** Of one that is an upright rectangle: others are shown, and not moved. */
  rect?: Rect;
  settings: MaskSettings;
}

export function draftsOf(masks: PrivacyMask[]): MaskDraft[] {
  return masks.map(({ token, ...settings }) => ({
    key: token,
    token,
    rect: rectangleOf(settings.points, SAME),
    settings,
  }));
}

let made = 0;

/** What the drawing of boxes has made of them: one moved, added at the end, or taken away. */
export function redrawn(drafts: MaskDraft[], rects: Rect[], options: PrivacyMaskOptions): MaskDraft[] {
  const boxes = drafts.filter(({ rect }) => rect);
  const moved = rects.length === boxes.length;
  const placed = (draft: MaskDraft, rect: Rect): MaskDraft => ({
    ...draft,
    rect,
    settings: { ...draft.settings, points: corners(rect) },
  });
  const kept = drafts.flatMap((draft) => {
    const { rect } = draft;
    if (!rect) {
      return [draft];
    }
    const now = moved ? rects[boxes.indexOf(draft)] : rects.find((one) => one === rect);
    return now ? [now === rect ? draft : placed(draft, now)] : [];
  });
  const added = rects.slice(boxes.length).map((rect) => {
    made += 1;
    const kind = options.kinds[0] ?? 'color';
    return { key: `new-${made}`, rect, settings: { points: corners(rect), kind, on: true } };
  });
  return [...kept, ...added];
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What of a mask shall be another. */
function changesOf(before: MaskSettings, wanted: MaskSettings): Partial<MaskSettings> {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => value !== undefined && !same(value, before[field as keyof MaskSettings]),
    ),
  );
}

/** What was drawn and is not sent yet, with what it was drawn upon: the camera may have another by now. */
export interface Drawing {
  base: MaskDraft[];
  drafts: MaskDraft[];
}

const has = (masks: MaskDraft[], token: string | undefined) =>
  token !== undefined && masks.some((one) => one.token === token);

/** The drawing with what has come to the camera since, and without what has gone from it: nobody drew these away or back. */
export function upToDate({ base, drafts }: Drawing, known: MaskDraft[]): MaskDraft[] {
  return [
    ...drafts.filter(({ token }) => !has(base, token) || has(known, token)),
    ...known.filter(({ token }) => !has(base, token) && !has(drafts, token)),
  ];
}

/** What the next stroke is drawn upon: all that is seen by then, each as it was when it was first drawn upon. */
export const baseOf = (known: MaskDraft[], before: MaskDraft[] = []): MaskDraft[] => [
  ...before,
  ...known.filter(({ token }) => !has(before, token)),
];

export interface MaskPlan {
  removed: string[];
  changed: { token: string; changes: Partial<MaskSettings> }[];
  added: { key: string; settings: MaskSettings }[];
}

/** What makes the drawing of what the camera has, and touches nothing that was not drawn. */
export function planOf({ base, drafts }: Drawing, known: MaskDraft[]): MaskPlan {
  const plan: MaskPlan = { removed: [], changed: [], added: [] };
  for (const { token } of base) {
    if (token !== undefined && !has(drafts, token) && has(known, token)) {
      plan.removed.push(token);
    }
  }
  for (const { key, token, settings } of drafts) {
    if (token === undefined) {
      plan.added.push({ key, settings });
      continue;
    }
    const before = base.find((one) => one.token === token);
    const now = known.find((one) => one.token === token);
    if (before && now) {
      const changes = changesOf(before.settings, settings);
      if (Object.keys(changes).length > 0 && Object.keys(changesOf(now.settings, settings)).length > 0) {
        plan.changed.push({ token, changes });
      }
    }
  }
  return plan;
}

export const isEmpty = ({ removed, changed, added }: MaskPlan) =>
  removed.length + changed.length + added.length === 0;

/**
 * Does it, one after the other, as cameras take it: what is added hides before anything is uncovered, unless there is no place
 * for it; then as little as makes one goes before.
 *
 * @param places how many more masks the camera takes
 * @param onAdded told what a new one is called from then on
 */
export async function carryOut(
  cameraId: string,
  { removed, changed, added }: MaskPlan,
  places: number,
  onAdded: (key: string, token: string, settings: MaskSettings) => void,
): Promise<MaskChange[]> {
  const results: MaskChange[] = [];
  const leaving = [...removed];
  let free = places;
  for (const { key, settings } of added) {
    const token = free > 0 ? undefined : leaving.shift();
    if (token === undefined) {
      free--;
    } else {
      await removeMask(cameraId, token);
    }
    const result = await addMask(cameraId, settings);
    results.push(result);
    onAdded(key, result.mask.token, settings);
  }
  for (const { token, changes } of changed) {
    results.push(await changeMask(cameraId, token, changes));
  }
  for (const token of leaving) {
    await removeMask(cameraId, token);
  }
  return results;
}
