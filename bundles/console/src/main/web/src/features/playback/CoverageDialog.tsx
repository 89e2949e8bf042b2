// SPDX-License-Identifier: Apache-2.0
import {
  Alert,
  Anchor,
  Button,
  Group,
  Loader,
  Modal,
  Progress,
  SegmentedControl,
  Table,
  Text,
} from '@mantine/core';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CoverageDay, useCoverage } from '../../api/evidence';
import type { Camera, StreamRole } from '../../api/types';
import { wordFor } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { dateTimeOf, dayName, duration } from '../../ui/time';
import { ZoneNote } from '../../ui/ZoneNote';
import { endOfDay } from '../../ui/zone';
import type { Selection } from './selection';

const DAYS = [7, 30, 90] as const;
/** Below this a day asks for a look. */
const GOOD_PERCENT = 99.9;

interface Props {
  camera: Camera;
  onGo: (utcMs: number) => void;
  /** Has what is missing fetched from the camera; undefined: it cannot be. */
  onFill?: (day: Selection) => void;
  onClose: () => void;
}

/** How much of each day is footage, and why the rest is not. */
export function CoverageDialog({ camera, onGo, onFill, onClose }: Props) {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(DAYS[0]);
  const coverage = useCoverage(camera.id, days);
  const [wanted, setWanted] = useState<StreamRole>();
  const streams = coverage.data ?? [];
  const shown = streams.find(({ stream }) => stream === wanted) ?? streams[0];
  const listed = [...(shown?.days ?? [])].reverse();
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t('coverage.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed">
          {t('coverage.explained')} <ZoneNote />
        </Text>
        <Group gap="xs">
          {streams.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={t('coverage.stream')}
              value={shown?.stream}
              onChange={(value) => setWanted(value as StreamRole)}
              data={streams.map(({ stream }) => ({ value: stream, label: t(`coverage.streams.${stream}`) }))}
              data-testid="coverage-stream"
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label={t('coverage.range')}
            value={String(days)}
            onChange={(value) => setDays(Number(value))}
            data={DAYS.map((count) => ({ value: String(count), label: t('coverage.days', { count }) }))}
          />
        </Group>
      </Group>
      {coverage.isPending && <Loader size="sm" />}
      {coverage.error && (
        <Alert color="red" variant="light">
          {problemText(coverage.error)}
        </Alert>
      )}
      {coverage.data && !shown && <Text size="sm">{t('coverage.nothing')}</Text>}
      {shown && (
        <Table.ScrollContainer minWidth={300} mah="60vh">
          <Table stickyHeader data-testid="coverage-table">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('coverage.day')}</Table.Th>
                <Table.Th w={{ base: 100, sm: 190 }}>{t('coverage.percent')}</Table.Th>
                <Table.Th visibleFrom="sm">{t('coverage.footage')}</Table.Th>
                <Table.Th>{t('coverage.missing')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {listed.map((day) => (
                <Line
                  key={day.day}
                  day={day}
                  onGo={onGo}
                  // Cameras are asked for what is missing of the main stream.
                  onFill={shown.stream === 'main' ? onFill : undefined}
                />
              ))}
              <Line day={shown.all} onGo={onGo} />
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Modal>
  );
}

interface LineProps extends Pick<Props, 'onGo' | 'onFill'> {
  day: CoverageDay;
}

function Line({ day, onGo, onFill }: LineProps) {
  const { t } = useTranslation();
  const start = day.day === undefined ? undefined : dateTimeOf(day.day);
  const good = day.percent === undefined || day.percent >= GOOD_PERCENT;
  return (
    <Table.Tr fw={start === undefined ? 600 : undefined}>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {start === undefined ? (
          t('coverage.all')
        ) : (
          <Anchor component="button" size="sm" onClick={() => onGo(start)}>
            {dayName(start)}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>
        {day.percent === undefined ? (
          <Text size="sm" c="dimmed">
            {t('coverage.notWanted')}
          </Text>
        ) : (
          <Group gap="xs" wrap="nowrap">
            <Progress
              w={90}
              visibleFrom="sm"
              value={day.percent}
              color={good ? 'teal' : 'orange'}
              aria-label={t('coverage.percent')}
            />
            <Text size="sm">{percentText(day.percent)}</Text>
          </Group>
        )}
        {/* On a phone there is no room for a column of it. */}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {duration(day.coveredMs)}
        </Text>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }} visibleFrom="sm">
        {duration(day.coveredMs)}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="space-between">
          {day.missing.map(({ cause, ms }) => `${wordFor('cause', cause)}: ${duration(ms)}`).join(' · ')}
          {onFill && start !== undefined && day.missing.length > 0 && (
            <Button
              size="compact-xs"
              variant="light"
              aria-label={t('coverage.fillDay', { day: dayName(start) })}
              onClick={() => onFill({ from: start, to: endOfDay(start) })}
              data-testid={`coverage-fill-${day.day}`}
            >
              {t('coverage.fill')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Rounded down, as the server does: 100 % is all of it. */
function percentText(percent: number): string {
  return new Intl.NumberFormat(i18next.language, {
    style: 'percent',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(percent / 100);
}
