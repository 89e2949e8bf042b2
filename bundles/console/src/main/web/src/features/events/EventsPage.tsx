// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Group, Select, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import type { SearchWish } from 'nxvms-console-host';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type EventQuery, useEventKinds, useEventPages } from '../../api/events';
import { useCameras } from '../../api/queries';
import type { EventKind } from '../../api/types';
import { Guarded } from '../../ui/PageFrame';
import { problemText } from '../../ui/problemText';
import { ZoneNote } from '../../ui/ZoneNote';
import { BroughtFinds } from '../extensions/BroughtFinds';
import { RangeFields } from '../playback/RangeFields';
import { EventList } from './EventList';
import classes from './EventsPage.module.css';
import { kindText } from './kindText';
import { mergeEvents } from './merge';
import { matching, within } from './search';
import { searchText } from './searchText';
import { useLiveEvents } from './useLiveEvents';
import { BETWEEN, RANGES, useTimes } from './useTimes';

const SEVERITIES = ['info', 'warning', 'critical'];
/** A search goes on by itself until so many were found, or so many answers read, each of thousands of events. */
const FOUND_MIN = 30;
const PAGES_MAX = 200;
/** Somebody who types is not asked for each letter. */
const TYPED_MS = 300;
const NO_KINDS: EventKind[] = [];

/** What happened, newest first, going on by itself. The address holds the filter. */
export function EventsPage() {
  return (
    <Guarded by="view_events" testId="events">
      <Events />
    </Guarded>
  );
}

function Events() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const { now, range, times, typed, setTyped } = useTimes();
  const query = useMemo(
    (): EventQuery => ({
      ...times,
      kind: search.get('kind') ?? undefined,
      cameraId: search.get('camera') ?? undefined,
      severity: search.get('severity') ?? undefined,
    }),
    [times, search],
  );
  const kinds = useEventKinds().data ?? NO_KINDS;
  const cameras = useCameras().data ?? [];
  const words = search.get('text') ?? '';
  const [settled] = useDebouncedValue(words, TYPED_MS);
  const text = useMemo(() => searchText(settled, kinds), [settled, kinds]);
  const pages = useEventPages(useMemo(() => ({ ...query, text: text || undefined }), [query, text]));
  const { events, live } = useLiveEvents(query);
  // The server has found what was there; what happens now is told by the stream, which looks for no words.
  const found = useMemo(
    () =>
      mergeEvents(
        matching(within(events, query), settled, cameras, kinds),
        pages.data?.pages.flatMap((page) => page.items) ?? [],
      ),
    [events, query, settled, cameras, kinds, pages.data],
  );
  const wish = useMemo(
    (): SearchWish | undefined =>
      settled.trim() === ''
        ? undefined
        : {
            text: settled.trim(),
            cameraIds: query.cameraId ? [query.cameraId] : [],
            from: query.from,
            to: query.to ?? now,
          },
    [settled, query, now],
  );
  const read = pages.data?.pages.length ?? 0;
  const { hasNextPage, isFetching, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  // What failed is read on when somebody says so, not for ever by itself; so is what a search does not find.
  const stops = isFetchNextPageError || (text !== '' && read >= PAGES_MAX);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const searched = text !== '';
  const goesOn =
    searched && found.length < FOUND_MIN && read > 0 && read < PAGES_MAX && !isFetchNextPageError;
  const searching = words !== settled || (searched && (isFetching || (goesOn && hasNextPage)));
  useEffect(() => {
    if (goesOn && hasNextPage && !isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [goesOn, hasNextPage, isFetchingNextPage, fetchNextPage]);
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
        <Group gap="sm">
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
          <Text size="xs" c="dimmed">
            <ZoneNote />
          </Text>
        </Group>
        <Group gap="xs" className={classes.filter}>
          <TextInput
            size="xs"
            w={170}
            type="search"
            placeholder={t('events.search')}
            aria-label={t('events.search')}
            leftSection={<IconSearch size={14} />}
            value={words}
            onChange={(event) => choose('text', event.currentTarget.value)}
            data-testid="events-text"
          />
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
            data={RANGES.map((value) => ({ value, label: t(`events.range.${value}`) }))}
            value={range}
            onChange={(value) => choose('range', value)}
            data-testid="events-range"
          />
        </Group>
      </Group>
      {range === BETWEEN && (
        <Group px="lg" pb="md">
          <RangeFields range={typed} onChange={setTyped} testId="events" />
        </Group>
      )}
      {pages.error && (
        <Alert color="red" mx="lg" mb="sm" variant="light">
          {problemText(pages.error)}
        </Alert>
      )}
      <BroughtFinds wish={wish} cameras={cameras} />
      {(pages.data || events.length > 0) && (
        <EventList
          events={found}
          emptyText={searching ? t('events.searching') : searched ? t('events.noneFound') : undefined}
          cameras={cameras}
          kinds={kinds}
          more={hasNextPage && !isFetching && !stops && !goesOn ? more : undefined}
          complete={!hasNextPage}
          again={hasNextPage && stops ? more : undefined}
        />
      )}
      {(searching || (searched && hasNextPage)) && (
        <Text
          size="xs"
          c="dimmed"
          px="lg"
          py={6}
          role="status"
          data-testid="events-searched"
          data-searching={searching}
        >
          {t(searching ? 'events.searching' : 'events.searchedPart')}
        </Text>
      )}
    </div>
  );
}
