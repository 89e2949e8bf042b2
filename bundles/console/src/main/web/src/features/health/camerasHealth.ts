// SPDX-License-Identifier: Apache-2.0
import type { CameraLosses } from '../../api/camerasHealth';
import type { Camera } from '../../api/types';
import { locale } from '../../i18n';

/** How a camera is, as a line of the table has it. */
export interface CameraLine {
  camera: Camera;
  framesPerSecond: number;
  bitrateBps: number;
  /** When its newest picture came. */
  lastMs?: number;
  losses?: CameraLosses;
}

export type Column = 'name' | 'state' | 'rate' | 'bitrate' | 'last' | 'missing';
export interface Order {
  column: Column;
  ascending: boolean;
}

/** Whom somebody has to look at first. */
const WORST_FIRST = [
  'unauthorized',
  'offline',
  'unsupported',
  'not_recording',
  'connecting',
  'live',
  'recording',
  'disabled',
];

export function lineOf(camera: Camera, losses: CameraLosses | undefined): CameraLine {
  const { streams } = camera.status;
  const pictures = streams.flatMap(({ lastFrame }) => (lastFrame ? [Date.parse(lastFrame)] : []));
  return {
    camera,
    framesPerSecond: streams.find((stream) => stream.framesPerSecond > 0)?.framesPerSecond ?? 0,
    bitrateBps: streams.reduce((sum, stream) => sum + stream.bitrateBps, 0),
    lastMs: pictures.length > 0 ? Math.max(...pictures) : undefined,
    losses,
  };
}

const missing = (line: CameraLine) => line.losses?.missingSeconds ?? 0;
const rank = (line: CameraLine) => {
  const place = WORST_FIRST.indexOf(line.camera.status.state);
  return place < 0 ? WORST_FIRST.length : place;
};
/** A camera that is switched off sends nothing, and nobody is to look at that. */
const working = (line: CameraLine, value: number) => (line.camera.enabled ? value : Number.POSITIVE_INFINITY);

const VALUE: Record<Exclude<Column, 'name'>, (line: CameraLine) => number> = {
  state: rank,
  rate: (line) => working(line, line.framesPerSecond),
  bitrate: (line) => working(line, line.bitrateBps),
  last: (line) => working(line, line.lastMs ?? 0),
  missing,
};

/** Which way a column is looked at first: what is worst above. */
export const firstOrder = (column: Column): Order => ({ column, ascending: column !== 'missing' });

/** In an order; those that are alike with the worst first, then by name. */
export function sorted(lines: CameraLine[], { column, ascending }: Order): CameraLine[] {
  const { compare } = new Intl.Collator(locale(), { numeric: true });
  const byName = (a: CameraLine, b: CameraLine) => compare(a.camera.name, b.camera.name);
  const by =
    column === 'name' ? byName : (a: CameraLine, b: CameraLine) => order(VALUE[column](a), VALUE[column](b));
  const way = ascending ? 1 : -1;
  return lines.toSorted(
    (a, b) => way * by(a, b) || rank(a) - rank(b) || missing(b) - missing(a) || byName(a, b),
  );
}

const order = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

/** Cameras in whose name, group or state all words are. */
export function matching(lines: CameraLine[], text: string, state: (camera: Camera) => string) {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0
    ? lines
    : lines.filter(({ camera }) => {
        const all = `${camera.name} ${camera.group ?? ''} ${state(camera)}`.toLocaleLowerCase();
        return words.every((word) => all.includes(word));
      });
}
