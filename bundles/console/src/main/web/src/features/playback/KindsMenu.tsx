// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu } from '@mantine/core';
import { IconFilter, IconFilterFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import { kindText } from '../events/kindText';
import { shapeOf, type TimelineEvent } from './timelineEvents';
import { useHiddenKinds } from './useHiddenKinds';

/** Which kinds of events are marked, each with its mark and how many of it there are. */
export function KindsMenu({ events }: { events: readonly TimelineEvent[] }) {
  const { t } = useTranslation();
  const known = useEventKinds().data ?? [];
  const { hidden, toggle } = useHiddenKinds();
  const counts = new Map<string, number>(hidden.map((kind) => [kind, 0]));
  for (const { kind } of events) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts]
    .map(([kind, count]) => ({ kind, count, text: kindText(kind, known) }))
    .sort((a, b) => a.text.localeCompare(b.text));
  const some = kinds.some(({ kind }) => hidden.includes(kind));
  return (
    <Menu position="top-end" shadow="md" width={280}>
      <Menu.Target>
        <ActionIcon
          size="sm"
          aria-label={t('timeline.kinds')}
          title={t('timeline.kinds')}
          data-testid="timeline-kinds"
        >
          {some ? <IconFilterFilled size={14} /> : <IconFilter size={14} />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{kinds.length > 0 ? t('timeline.kinds') : t('timeline.noKinds')}</Menu.Label>
        {kinds.map(({ kind, count, text }) => (
          <Menu.CheckboxItem
            key={kind}
            checked={!hidden.includes(kind)}
            onChange={() => toggle(kind)}
            rightSection={<span>{count}</span>}
            data-testid={`timeline-kind-${kind}`}
          >
            {SIGN[shapeOf(kind)]} {text}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The marks as letters have them. */
const SIGN = { stroke: '❘', square: '■', diamond: '◆', triangle: '▲' } as const;
