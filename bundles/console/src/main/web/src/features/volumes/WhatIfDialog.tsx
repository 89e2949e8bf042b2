// SPDX-License-Identifier: Apache-2.0
import { Alert, Modal, NumberInput, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Volume } from '../../api/storage';
import type { Camera } from '../../api/types';
import { wordFor } from '../../i18n';
import { bytes } from '../../ui/bytes';
import { daysText } from './daysText';
import { isShort, type Outlook, outlookOf, type RoomOutlook } from './outlook';
import { NEW_VOLUME, type Recorders, roomOf, withChange } from './recorders';
import classes from './VolumesPage.module.css';

const GIB = 1024 ** 3;
const DAYS_MAX = 3650;
const CAMERAS_MAX = 1000;
const MBPS_MAX = 1000;
const GIB_MAX = 1024 ** 3;
/** What one more camera sends, where none is there to go by. */
const USUAL_MBPS = 4;
/** More are not read by anybody. */
const LISTED_MAX = 12;

interface Props {
  volumes: readonly Volume[];
  cameras: readonly Camera[];
  known: Recorders;
  onClose: () => void;
}

/** For how long footage stays, and what would become of that: nothing is changed here. */
export function WhatIfDialog({ volumes, cameras, known, onClose }: Props) {
  const { t } = useTranslation();
  const { recorders, guessed } = known;
  const [days, setDays] = useState<number | string>('');
  const [more, setMore] = useState<number | string>('');
  const [mbps, setMbps] = useState<number | string>(() => averageMbps(known));
  const [gib, setGib] = useState<number | string>('');
  const rooms = volumes.flatMap((volume) => roomOf(volume) ?? []);
  const leftOut = volumes.filter((volume) => !rooms.some(({ name }) => name === volume.name));
  const change = {
    days: figure(days, DAYS_MAX) || undefined,
    cameras: Math.floor(figure(more, CAMERAS_MAX)),
    bps: figure(mbps, MBPS_MAX) * 1e6,
    bytes: figure(gib, GIB_MAX) * GIB,
  };
  const changes = change.days !== undefined || change.cameras > 0 || change.bytes > 0;
  const now = outlookOf(recorders, rooms);
  const thought = withChange(recorders, rooms, change);
  const then = changes ? outlookOf(thought.recorders, thought.rooms) : now;
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t('outlook.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md" data-testid="outlook">
        <Text size="sm" c="dimmed">
          {t('outlook.explained')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="xs">
          <NumberInput
            label={t('outlook.days')}
            description={t('outlook.daysHint')}
            min={1}
            max={DAYS_MAX}
            allowDecimal={false}
            value={days}
            onChange={setDays}
            data-autofocus
            data-testid="outlook-days"
          />
          <NumberInput
            label={t('outlook.room')}
            description={t('outlook.roomHint')}
            min={0}
            max={GIB_MAX}
            suffix=" GiB"
            value={gib}
            onChange={setGib}
            data-testid="outlook-room"
          />
          <NumberInput
            label={t('outlook.cameras')}
            description={t('outlook.camerasHint')}
            min={0}
            max={CAMERAS_MAX}
            allowDecimal={false}
            value={more}
            onChange={setMore}
            data-testid="outlook-cameras"
          />
          <NumberInput
            label={t('outlook.rate')}
            description={t('outlook.rateHint')}
            min={0}
            max={MBPS_MAX}
            decimalScale={1}
            suffix=" Mbit/s"
            value={mbps}
            onChange={setMbps}
            data-testid="outlook-rate"
          />
        </SimpleGrid>
        <Verdict outlook={then} isNowhere={thought.rooms.every(({ isBackup }) => isBackup)} />
        <Table.ScrollContainer minWidth={280}>
          <Table fz={{ base: 'xs', sm: 'sm' }} horizontalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('outlook.column.volume')}</Table.Th>
                <Table.Th>{t('outlook.column.reach')}</Table.Th>
                <Table.Th>{t('outlook.column.perDay')}</Table.Th>
                <Table.Th>{t('outlook.column.room')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {then.rooms.map((room) => (
                <RoomLine
                  key={room.name}
                  room={room}
                  before={changes ? now.rooms.find(({ name }) => name === room.name) : undefined}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Early outlook={then} cameras={cameras} />
        {leftOut.length > 0 && (
          <Text size="xs" c="dimmed" data-testid="outlook-left-out">
            {t('outlook.leftOut', {
              names: leftOut
                .map(({ name, role, status }) => `${name} (${whyNot(role, status, t('volumes.retired'))})`)
                .join(', '),
            })}
          </Text>
        )}
        {guessed.length > 0 && (
          <Text size="xs" c="dimmed" data-testid="outlook-guessed">
            {t('outlook.guessed', { names: listed(guessed.map(({ name }) => name)) })}
          </Text>
        )}
      </Stack>
    </Modal>
  );
}

/** What is typed, also while it is not yet a number, or too large. */
function figure(typed: number | string, max: number): number {
  const value = Number(typed);
  return Number.isFinite(value) ? Math.min(max, Math.max(0, value)) : 0;
}

const whyNot = (role: string | undefined, status: string, retired: string) =>
  role === 'retired' ? retired : wordFor('volumeStatus', status);

const listed = (names: string[]) =>
  names.length > LISTED_MAX ? `${names.slice(0, LISTED_MAX).join(', ')}, …` : names.join(', ');

/** What cameras send while they are recorded, since those in addition are so all of the time. */
function averageMbps({ recorders }: Recorders): number {
  const sent = recorders
    .flatMap(({ streams }) => streams)
    .reduce((all, { bytesPerSecond }) => all + bytesPerSecond, 0);
  return recorders.length > 0 ? Math.round((sent * 80) / recorders.length / 1e6) / 10 : USUAL_MBPS;
}

/** Whether all of it stays as long as it is wanted, and where how much is missing for that. */
function Verdict({ outlook: { rooms, recorders }, isNowhere }: { outlook: Outlook; isNowhere: boolean }) {
  const { t } = useTranslation();
  const short = recorders.filter(isShort);
  const missing = rooms
    .filter(({ missingBytes }) => missingBytes > 0)
    .map(({ name, missingBytes }) => `${name || t('outlook.newVolume')}: ${bytes(missingBytes)}`)
    .join(', ');
  return (
    <Alert
      color={short.length > 0 ? 'yellow' : 'teal'}
      variant="light"
      p="sm"
      data-testid="outlook-verdict"
      data-short={short.length}
      role="status"
    >
      {isNowhere
        ? t('outlook.nowhere')
        : short.length > 0
          ? t('outlook.short', { count: short.length, missing })
          : t('outlook.enough')}
      {rooms.some(({ belowMinimum }) => belowMinimum) && ` ${t('outlook.belowMinimum')}`}
    </Alert>
  );
}

function RoomLine({ room, before }: { room: RoomOutlook; before?: RoomOutlook }) {
  const { t } = useTranslation();
  const was = before && reachText(before);
  const is = reachText(room);
  return (
    <Table.Tr data-testid={`outlook-volume-${room.name || 'new'}`}>
      <Table.Td>{room.name === NEW_VOLUME ? t('outlook.newVolume') : room.name}</Table.Td>
      <Table.Td>
        {is}
        {was !== undefined && was !== is && (
          <Text component="span" size="xs" c="dimmed" display="block">
            {t('outlook.now', { reach: was })}
          </Text>
        )}
      </Table.Td>
      <Table.Td className={classes.nowrap}>{bytes(room.bytesPerDay)}</Table.Td>
      <Table.Td className={classes.nowrap}>{bytes(room.bytes)}</Table.Td>
    </Table.Tr>
  );

  function reachText({ days, bytesPerDay }: RoomOutlook): string {
    if (bytesPerDay === 0) {
      return t('outlook.nothing');
    }
    return days === undefined ? t('outlook.allWanted') : daysText(days);
  }
}

/** Cameras whose footage goes early, the worst first. */
function Early({ outlook, cameras }: { outlook: Outlook; cameras: readonly Camera[] }) {
  const { t } = useTranslation();
  const short = outlook.recorders.filter(isShort);
  const named = (id: string) => cameras.find((camera) => camera.id === id)?.name;
  const old = short.filter(({ id }) => named(id) !== undefined);
  return old.length === 0 ? null : (
    <div data-testid="outlook-early">
      <Text size="sm" fw={600}>
        {t('outlook.early')}
      </Text>
      <ul className={classes.early}>
        {old.slice(0, LISTED_MAX).map(({ id, days, wantedDays }) => (
          <li key={id} data-testid={`outlook-camera-${id}`}>
            {t('outlook.camera', { name: named(id), days: daysText(days), wanted: daysText(wantedDays) })}
          </li>
        ))}
        {old.length > LISTED_MAX && <li>{t('outlook.others', { count: old.length - LISTED_MAX })}</li>}
      </ul>
    </div>
  );
}
