// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, NetworkProblem } from '../../../api/problem';
import type { Camera, CameraDraft } from '../../../api/types';
import { problemText } from '../../../ui/problemText';
import { type CameraValues, changesOf, splitProblems, valuesOf } from '../draft';
import { isScheduled } from '../recording/settings';

/** What can be set for several cameras at once; what else a camera has is its own. */
export const BULK_FIELDS = [
  'enabled',
  'group',
  'mainMode',
  'subMode',
  'week',
  'timeZone',
  'retentionDaysMin',
  'retentionDaysMax',
  'preBufferSeconds',
  'postBufferSeconds',
  'eventKinds',
  'fillGaps',
  'volumes',
  'backup',
] as const;

export type BulkField = (typeof BULK_FIELDS)[number];

/** What was touched, and is to be so for all; the rest stays as it is with each. */
export type BulkValues = Partial<Pick<CameraValues, BulkField>>;

/** What all of them have; absent where they differ. */
export function commonOf(cameras: readonly Camera[]): BulkValues {
  const [first, ...others] = cameras.map((camera) => valuesOf(camera, ''));
  if (!first) {
    return {};
  }
  const same = (field: BulkField) =>
    others.every(
      (other) =>
        other[field] === first[field] || JSON.stringify(other[field]) === JSON.stringify(first[field]),
    );
  return Object.fromEntries(BULK_FIELDS.filter(same).map((field) => [field, first[field]]));
}

/** Those that follow a weekly schedule then. */
export const scheduledOf = (cameras: readonly Camera[], touched: BulkValues): Camera[] =>
  cameras.filter((camera) => isScheduled({ ...valuesOf(camera, ''), ...touched }));

/** Those of them that would be given a schedule which nobody has seen. */
export function withoutSchedule(cameras: readonly Camera[], touched: BulkValues): Camera[] {
  const scheduled = scheduledOf(cameras, touched);
  const seen = { ...commonOf(scheduled), ...touched }.week !== undefined;
  return seen ? [] : scheduled.filter(({ recording }) => !recording.schedule);
}

/** What is to be another with this camera. */
export const draftFor = (camera: Camera, touched: BulkValues): CameraDraft =>
  changesOf({ ...valuesOf(camera, ''), ...touched }, camera);

export interface Outcome {
  camera: Camera;
  /**
   * same: it was like that already. unsure: no answer came, so it may have been changed. left: it was not tried, since
   * one before it had no answer, or it was broken off.
   */
  state: 'changed' | 'same' | 'failed' | 'unsure' | 'left';
  /** Why not, field by field where the server says so. */
  problems: { field?: keyof CameraValues; text: string }[];
}

export const isDone = ({ state }: Outcome) => state === 'changed' || state === 'same';

/** A server that has much to do says when to come again. */
const TRIES_MAX = 5;

interface How {
  save: (camera: Camera, draft: CameraDraft) => Promise<unknown>;
  pause: (ms: number) => Promise<unknown>;
  /** Called after each camera. */
  onOutcome: (all: Outcome[]) => void;
  signal: AbortSignal;
}

/** One camera after the other, each wholly or not at all; what is wrong with one does not keep the others. */
export async function applyToAll(
  cameras: readonly Camera[],
  touched: BulkValues,
  how: How,
): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for (const camera of cameras) {
    const stopped = how.signal.aborted || all.some(({ state }) => state === 'unsure' || state === 'left');
    all.push(stopped ? { camera, state: 'left', problems: [] } : await applyTo(camera, touched, how));
    how.onOutcome([...all]);
  }
  return all;
}

async function applyTo(camera: Camera, touched: BulkValues, { save, pause }: How): Promise<Outcome> {
  const draft = draftFor(camera, touched);
  if (Object.keys(draft).length === 0) {
    return { camera, state: 'same', problems: [] };
  }
  for (let tries = 1; ; tries++) {
    try {
      await save(camera, draft);
      return { camera, state: 'changed', problems: [] };
    } catch (error) {
      const waitS = error instanceof ApiProblem ? error.retryAfterSeconds : undefined;
      if (waitS === undefined || tries === TRIES_MAX) {
        return refused(camera, error);
      }
      await pause(waitS * 1000);
    }
  }
}

function refused(camera: Camera, error: unknown): Outcome {
  const state = error instanceof NetworkProblem ? 'unsure' : 'failed';
  const { fields, rest } = splitProblems(error instanceof ApiProblem ? error.errors : []);
  const named = Object.entries(fields).map(([field, text]) => ({ field: field as keyof CameraValues, text }));
  const others = rest.map(({ field, detail }) => ({ text: `${field}: ${detail}` }));
  const problems = [...named, ...others];
  return { camera, state, problems: problems.length > 0 ? problems : [{ text: problemText(error) }] };
}
