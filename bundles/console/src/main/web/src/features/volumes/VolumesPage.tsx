// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Badge, Button, Group, Menu, Progress, Text, Title } from '@mantine/core';
import { IconCalendarStats, IconDots, IconLock, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/queries';
import { useVolumes, useVolumeTask, type Volume } from '../../api/storage';
import { wordFor } from '../../i18n';
import { bytes } from '../../ui/bytes';
import { number } from '../../ui/number';
import { Guarded } from '../../ui/PageFrame';
import { useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { troubleSentence, volumeSentence } from '../../ui/serverText';
import { duration } from '../../ui/time';
import { toast } from '../../ui/toast';
import { RemoveVolume, RetireVolume } from './ConfirmVolume';
import { daysText } from './daysText';
import { outlookOf, type RoomOutlook } from './outlook';
import { roomOf } from './recorders';
import { useRecorders } from './useRecorders';
import { VolumeDialog } from './VolumeDialog';
import classes from './VolumesPage.module.css';
import { WhatIfDialog } from './WhatIfDialog';

type Open = { dialog: 'add' | 'outlook' } | { dialog: 'edit' | 'retire' | 'remove'; volume: Volume };

/** Where footage lies: how full, how well, and what of it may be changed. */
export function VolumesPage() {
  return (
    <Guarded by="view_health" testId="volumes">
      <Volumes />
    </Guarded>
  );
}

function Volumes() {
  const { t } = useTranslation();
  const volumes = useVolumes();
  const canManage = useMay('manage_storage');
  const cameras = useCameras().data ?? [];
  const known = useRecorders(canManage);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const rooms = volumes.data?.flatMap((volume) => roomOf(volume) ?? []) ?? [];
  const outlook = known && outlookOf(known.recorders, rooms);
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm">
        <Title order={1} size="h3">
          {t('volumes.title')}
        </Title>
        {canManage && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconCalendarStats size={16} />}
              disabled={!known || rooms.length === 0}
              onClick={() => setOpen({ dialog: 'outlook' })}
              data-testid="outlook-open"
            >
              {t('outlook.open')}
            </Button>
            <Button
              size="xs"
              leftSection={<IconPlus size={16} />}
              onClick={() => setOpen({ dialog: 'add' })}
              data-testid="volume-add"
            >
              {t('volumes.add')}
            </Button>
          </Group>
        )}
      </Group>
      {volumes.error && (
        <Alert color="red" mt="sm" variant="light">
          {problemText(volumes.error)}
        </Alert>
      )}
      {volumes.data?.length === 0 && (
        <Text size="sm" c="dimmed" mt="md" data-testid="volumes-none">
          {t('volumes.none')}
        </Text>
      )}
      <div className={classes.grid}>
        {volumes.data?.map((volume) => (
          <VolumeCard
            key={volume.id}
            volume={volume}
            outlook={outlook?.rooms.find(({ name }) => name === volume.name)}
            canManage={canManage}
            onOpen={setOpen}
          />
        ))}
      </div>
      {open?.dialog === 'outlook' && known && (
        <WhatIfDialog volumes={volumes.data ?? []} cameras={cameras} known={known} onClose={close} />
      )}
      {open?.dialog === 'add' && <VolumeDialog onClose={close} />}
      {open?.dialog === 'edit' && <VolumeDialog name={open.volume.name} onClose={close} />}
      {open?.dialog === 'retire' && <RetireVolume volume={open.volume} onClose={close} />}
      {open?.dialog === 'remove' && <RemoveVolume volume={open.volume} onClose={close} />}
    </div>
  );
}

interface CardProps {
  volume: Volume;
  /** Once it is known what cameras record. */
  outlook?: RoomOutlook;
  canManage: boolean;
  onOpen: (open: Open) => void;
}

function VolumeCard({ volume, outlook, canManage, onOpen }: CardProps) {
  const { t } = useTranslation();
  const task = useVolumeTask();
  const { name, totalBytes, usableBytes, footageBytes, quotaBytes, reserveBytes, moving } = volume;
  const retired = volume.role === 'retired';
  const isBackup = volume.role === 'backup';
  const restore = () =>
    task.mutate(
      { kind: 'restore', name },
      {
        onSuccess: () => toast(t('volumes.restored', { name })),
        onError: (error) => toast(problemText(error), 'error'),
      },
    );
  const trouble = volumeSentence(volume.status, volume.detail);
  const share = (part: number) => (totalBytes ? (part / totalBytes) * 100 : 0);
  const otherBytes = Math.max(0, (totalBytes ?? 0) - (usableBytes ?? 0) - (footageBytes ?? 0));
  return (
    <section className={classes.card} data-testid={`volume-${name}`}>
      <Group gap={8} wrap="nowrap">
        <Text fw={600} truncate title={name}>
          {name}
        </Text>
        <Badge color={volume.status === 'ready' ? 'teal' : 'red'} variant="light" flex="none">
          {wordFor('volumeStatus', volume.status)}
        </Badge>
        {retired && (
          <Badge color="yellow" variant="light" flex="none">
            {t('volumes.retired')}
          </Badge>
        )}
        {isBackup && (
          <Badge color="blue" variant="light" flex="none">
            {t('volumes.backup')}
          </Badge>
        )}
        {volume.encryption && volume.encryption !== 'none' && (
          <IconLock
            size={16}
            role="img"
            aria-label={t('volumes.encrypted')}
            data-testid={`volume-encrypted-${name}`}
          />
        )}
        {canManage && (
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <ActionIcon
                ms="auto"
                aria-label={t('volumes.menu', { name })}
                data-testid={`volume-menu-${name}`}
              >
                <IconDots size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onOpen({ dialog: 'edit', volume })} data-testid="volume-edit">
                {t('volumes.edit')}
              </Menu.Item>
              {retired ? (
                <Menu.Item onClick={restore} data-testid="volume-restore">
                  {t('volumes.restore')}
                </Menu.Item>
              ) : (
                !isBackup && (
                  <Menu.Item onClick={() => onOpen({ dialog: 'retire', volume })} data-testid="volume-retire">
                    {t('volumes.retire')}
                  </Menu.Item>
                )
              )}
              <Menu.Item
                color="red"
                onClick={() => onOpen({ dialog: 'remove', volume })}
                data-testid="volume-remove"
              >
                {t('volumes.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      <Text size="xs" c="dimmed" className={classes.location} title={volume.location}>
        <bdi dir="ltr">{volume.location}</bdi>
      </Text>
      {trouble && (
        <Alert color="yellow" variant="light" p="xs" mt="xs">
          <span title={volume.detail}>{trouble}</span>
        </Alert>
      )}
      {volume.encryptionTrouble && (
        <Alert color="red" variant="light" p="xs" mt="xs" title={t('volumes.encryptionTrouble')}>
          {volume.encryptionTrouble}
        </Alert>
      )}
      {totalBytes !== undefined && usableBytes !== undefined && (
        <Progress.Root size="lg" mt="sm" aria-label={t('volumes.usage', { name })}>
          <Progress.Section value={share(footageBytes ?? 0)} color="signal" title={t('volumes.footage')} />
          <Progress.Section value={share(otherBytes)} color="gray.6" title={t('volumes.other')} />
        </Progress.Root>
      )}
      <dl className={classes.figures}>
        {footageBytes !== undefined && <Figure name={t('volumes.footage')} value={bytes(footageBytes)} />}
        {usableBytes !== undefined && <Figure name={t('volumes.free')} value={bytes(usableBytes)} />}
        {totalBytes !== undefined && <Figure name={t('volumes.size')} value={bytes(totalBytes)} />}
        {quotaBytes !== undefined && quotaBytes >= 0 && (
          <Figure name={t('volumes.field.quota')} value={bytes(quotaBytes)} />
        )}
        {reserveBytes !== undefined && reserveBytes > 0 && (
          <Figure name={t('volumes.field.reserve')} value={bytes(reserveBytes)} />
        )}
        {volume.segments !== undefined && (
          <Figure name={t('volumes.segments')} value={number(volume.segments)} />
        )}
        {outlook !== undefined && outlook.bytesPerDay > 0 && (
          <>
            <Figure name={t('outlook.column.perDay')} value={bytes(outlook.bytesPerDay)} />
            <Figure
              name={t('outlook.column.reach')}
              value={outlook.days === undefined ? t('outlook.allWanted') : daysText(outlook.days)}
            />
          </>
        )}
      </dl>
      {outlook !== undefined && outlook.bytesPerDay > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('outlook.ofSeen')}
        </Text>
      )}
      {moving && <Moving name={name} moving={moving} />}
      {volume.backup && <Copying name={name} backup={volume.backup} />}
    </section>
  );
}

/** How far footage is on its way to where it belongs. */
function Moving({ name, moving }: { name: string; moving: NonNullable<Volume['moving']> }) {
  const { t } = useTranslation();
  const { bytesLeft, bytesMoved, trouble, finding } = moving;
  const text =
    bytesLeft === undefined
      ? t('volumes.counting')
      : bytesLeft > 0
        ? t('volumes.movingLeft', { left: bytes(bytesLeft), moved: bytes(bytesMoved) })
        : t(moving.reason === 'retired' ? 'volumes.emptied' : 'volumes.allMoved');
  return (
    <Underway
      text={text}
      left={bytesLeft}
      done={bytesMoved}
      trouble={troubleSentence(trouble, finding)}
      label={t('volumes.movingTitle', { name })}
      testId={`volume-moving-${name}`}
    />
  );
}

/** How far the copies on a backup volume are. */
function Copying({ name, backup }: { name: string; backup: NonNullable<Volume['backup']> }) {
  const { t } = useTranslation();
  const { bytesWaiting, bytesCopied, lagSeconds = 0, trouble, finding } = backup;
  const text =
    bytesWaiting === undefined
      ? t('volumes.copying')
      : bytesWaiting > 0
        ? t('volumes.copyingLeft', { left: bytes(bytesWaiting), lag: duration(lagSeconds * 1000) })
        : t('volumes.copied');
  return (
    <Underway
      text={text}
      left={bytesWaiting}
      done={bytesCopied}
      trouble={troubleSentence(trouble, finding)}
      label={t('volumes.copyingTitle', { name })}
      testId={`volume-copying-${name}`}
    />
  );
}

interface UnderwayProps {
  text: string;
  /** Bytes; undefined while they are not counted. */
  left?: number;
  done: number;
  trouble?: string;
  label: string;
  testId: string;
}

function Underway({ text, left, done, trouble, label, testId }: UnderwayProps) {
  return (
    <div className={classes.moving} data-testid={testId}>
      <Text size="xs">{text}</Text>
      {left !== undefined && left > 0 && (
        <Progress mt={4} size="sm" value={(done / (done + left)) * 100} aria-label={label} />
      )}
      {trouble && (
        <Text size="xs" className={classes.trouble} mt={4}>
          {trouble}
        </Text>
      )}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
