// SPDX-License-Identifier: Apache-2.0
import { useQueries } from '@tanstack/react-query';
import { type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Palette } from '../playback/drawTimeline';
import { LaneCanvas } from '../playback/LaneCanvas';
import { rangeOf, timeAt, type View } from '../playback/timeScale';
import { drawable, drawLaneRows, type LaneRow, labelsAt, ROW_PX } from './lanes';
import { addFault, type Contribution, useContributions, useTitles } from './useExtensions';

interface Props {
  cameraId: string;
  view: View;
  /** What is read at once; wider than what is seen. */
  range: { from: number; to: number };
  /** How often what is read changes; undefined for what is past. */
  refetchMs?: number;
  position: () => number;
  onGo: (utcMs: number) => void;
}

const SLACK_PX = 4;

/** What extensions know of a camera's past, below the timeline. */
export function ExtensionLanes(props: Props) {
  const lanes = useContributions('timeline.lane');
  return lanes.length === 0 ? null : <Rows {...props} lanes={lanes} />;
}

async function ask(lane: Contribution, cameraId: string, from: number, to: number, signal: AbortSignal) {
  const { registeredFor } = await import('./runtime');
  const registered = await registeredFor(lane);
  if (registered.by !== 'lane') {
    return [];
  }
  try {
    return drawable(await registered.provider.query(cameraId, from, to, signal));
  } catch (error) {
    if (!signal.aborted) {
      addFault(lane.extension, 'part', String(error));
    }
    throw error;
  }
}

function Rows({
  lanes,
  cameraId,
  view,
  range,
  refetchMs,
  position,
  onGo,
}: Props & { lanes: readonly Contribution[] }) {
  const { t } = useTranslation();
  const title = useTitles();
  const [told, setTold] = useState('');
  const { from, to } = range;
  const answers = useQueries({
    queries: lanes.map((lane) => ({
      queryKey: ['extension-lane', lane.key, cameraId, from, to],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(lane, cameraId, from, to, signal),
      placeholderData: (before?: LaneRow['spans']) => before,
      retry: false,
      // What has failed is not asked again and again.
      refetchInterval: (query: { state: { error: unknown } }) =>
        query.state.error ? false : (refetchMs ?? false),
    })),
  });
  const rows = lanes.map((lane, row): LaneRow => {
    const { data, error } = answers[row] ?? {};
    return {
      name: error ? t('extensions.laneFailed', { name: title(lane) }) : title(lane),
      spans: (error ? undefined : data) ?? [],
    };
  });
  function draw(canvas: CanvasRenderingContext2D, width: number, palette: Palette) {
    const { lane, text, playhead, event: level } = palette;
    drawLaneRows(canvas, width, rows, view, position(), { lane, text, playhead, level });
  }

  const under = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      row: rows[Math.floor((event.clientY - box.top) / ROW_PX)],
      utcMs: timeAt(view, box.width, event.clientX - box.left),
      slackMs: (rangeOf(view) / Math.max(1, box.width)) * SLACK_PX,
    };
  };
  return (
    <LaneCanvas
      height={rows.length * ROW_PX}
      draw={draw}
      aria-label={rows
        .map(({ name, spans }) => t('extensions.lane', { name, count: spans.length }))
        .join(', ')}
      title={told}
      onPointerMove={(event) => {
        const { row, utcMs, slackMs } = under(event);
        setTold(row ? labelsAt(row, utcMs, slackMs).join('\n') : '');
      }}
      onPointerUp={(event) => event.button === 0 && onGo(under(event).utcMs)}
      data-testid="extension-lanes"
      data-spans={rows.map(({ spans }) => spans.length).join()}
    />
  );
}
