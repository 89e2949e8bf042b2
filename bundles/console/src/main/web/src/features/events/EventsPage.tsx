// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Group, Select, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type EventQuery, useEventKinds, useEventPages } from '../../api/events';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import { problemText } from '../../ui/problemText';
import { EventList } from './EventList';
import classes from './EventsPage.module.css';
import { kindText } from './kindText';
import { mergeEvents } from './merge';
import { useLiveEvents } from './useLiveEvents';

const HOUR_MS = 3_600_000;
const RANGES: Record<string, number | undefined> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  all: undefined,
};
const SEVERITIES = ['info', 'warning', 'critical'];

/** What happened, newest first, going on by itself. The address holds the filter. */
export function EventsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [now] = useState(() => serverClock.now());
  const range = search.get('range') ?? '24h';
  const query = useMemo((): EventQuery => {
    const lengthMs = RANGES[range];
    return {
      from: lengthMs === undefined ? undefined : Math.round(now - lengthMs),
      kind: search.get('kind') ?? undefined,
      cameraId: search.get('camera') ?? undefined,
      severity: search.get('severity') ?? undefined,
    };
  }, [now, range, search]);
  const pages = useEventPages(query);
  const { events, live } = useLiveEvents(query);
  const kinds = useEventKinds().data ?? [];
  const cameras = useCameras().data ?? [];
  const shown = useMemo(
    () => mergeEvents(events, pages.data?.pages.flatMap((page) => page.items) ?? []),
    [events, pages.data],
  );
  const choose = (name: string, value: string | null) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) {
          next.set(name, value);
        } else {
          next.delete(name);
        }
        return next;
      },
      { replace: true },
    );

  return (
    <div className={classes.page}>
      <Group justify="space-between" px="lg" py="md" gap="sm">
        <Group gap="sm" wrap="nowrap">
          <Title order={1} size="h3">
            {t('events.title')}
          </Title>
          <Badge
            variant="light"
            color={live ? 'teal' : 'gray'}
            title={live ? undefined : t('events.notLive')}
            data-testid="events-live"
            data-live={live}
          >
            {t('events.live')}
          </Badge>
        </Group>
        <Group gap="xs">
          <Select
            size="xs"
            w={170}
            clearable
            searchable
            placeholder={t('events.allCameras')}
            aria-label={t('events.camera')}
            data={cameras.map((camera) => ({ value: camera.id, label: camera.name }))}
            value={query.cameraId ?? null}
            onChange={(value) => choose('camera', value)}
            data-testid="events-camera"
          />
          <Select
            size="xs"
            w={210}
            clearable
            searchable
            placeholder={t('events.allKinds')}
            aria-label={t('events.kind')}
            data={kinds.map((kind) => ({ value: kind.kind, label: kindText(kind.kind, kinds) }))}
            value={query.kind ?? null}
            onChange={(value) => choose('kind', value)}
            data-testid="events-kind"
          />
          <Select
            size="xs"
            w={190}
            allowDeselect={false}
            aria-label={t('events.severity')}
            data={SEVERITIES.map((value) => ({ value, label: t(`events.severities.${value}`) }))}
            value={query.severity ?? 'info'}
            onChange={(value) => choose('severity', value === 'info' ? null : value)}
            data-testid="events-severity"
          />
          <Select
            size="xs"
            w={150}
            allowDeselect={false}
            aria-label={t('events.time')}
            data={Object.keys(RANGES).map((value) => ({ value, label: t(`events.range.${value}`) }))}
            value={range}
            onChange={(value) => choose('range', value)}
            data-testid="events-range"
          />
        </Group>
      </Group>
      {pages.error && (
        <Alert color="red" mx="lg" mb="sm" variant="light">
          {problemText(pages.error)}
        </Alert>
      )}
      {(pages.data || events.length > 0) && (
        <EventList
          events={shown}
          cameras={cameras}
          kinds={kinds}
          more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
          loading={pages.isFetchingNextPage}
        />
      )}
    </div>
  );
}
