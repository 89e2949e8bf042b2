// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Badge, Button, Group, Menu, Progress, Text, Title } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVolumes, useVolumeTask, type Volume } from '../../api/storage';
import { wordFor } from '../../i18n';
import { bytes } from '../../ui/bytes';
import { useCanManage } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { ConfirmVolume } from './ConfirmVolume';
import { VolumeDialog } from './VolumeDialog';
import classes from './VolumesPage.module.css';

type Open = { dialog: 'add' } | { dialog: 'edit' | 'retire' | 'remove'; volume: Volume };

/** Where footage lies: how full, how well, and what of it may be changed. */
export function VolumesPage() {
  const { t } = useTranslation();
  const volumes = useVolumes();
  const canManage = useCanManage();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm">
        <Title order={1} size="h3">
          {t('volumes.title')}
        </Title>
        {canManage && (
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            onClick={() => setOpen({ dialog: 'add' })}
            data-testid="volume-add"
          >
            {t('volumes.add')}
          </Button>
        )}
      </Group>
      {volumes.error && (
        <Alert color="red" mt="sm" variant="light">
          {problemText(volumes.error)}
        </Alert>
      )}
      <div className={classes.grid}>
        {volumes.data?.map((volume) => (
          <VolumeCard key={volume.id} volume={volume} canManage={canManage} onOpen={setOpen} />
        ))}
      </div>
      {open?.dialog === 'add' && <VolumeDialog onClose={close} />}
      {open?.dialog === 'edit' && <VolumeDialog name={open.volume.name} onClose={close} />}
      {(open?.dialog === 'retire' || open?.dialog === 'remove') && (
        <ConfirmVolume volume={open.volume} kind={open.dialog} onClose={close} />
      )}
    </div>
  );
}

interface CardProps {
  volume: Volume;
  canManage: boolean;
  onOpen: (open: Open) => void;
}

function VolumeCard({ volume, canManage, onOpen }: CardProps) {
  const { t } = useTranslation();
  const task = useVolumeTask();
  const { name, totalBytes, usableBytes, footageBytes, moving } = volume;
  const retired = volume.role === 'retired';
  const restore = () =>
    task.mutate(
      { kind: 'restore', name },
      {
        onSuccess: () => toast(t('volumes.restored', { name })),
        onError: (error) => toast(problemText(error), 'error'),
      },
    );
  const share = (part: number) => (totalBytes ? (part / totalBytes) * 100 : 0);
  const otherBytes = Math.max(0, (totalBytes ?? 0) - (usableBytes ?? 0) - (footageBytes ?? 0));
  return (
    <section className={classes.card} data-testid={`volume-${name}`}>
      <Group gap={8} wrap="nowrap">
        <Text fw={600}>{name}</Text>
        <Badge color={volume.status === 'ready' ? 'teal' : 'red'} variant="light">
          {wordFor('volumeStatus', volume.status)}
        </Badge>
        {retired && (
          <Badge color="yellow" variant="light">
            {t('volumes.retired')}
          </Badge>
        )}
        {canManage && (
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <ActionIcon
                ml="auto"
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
                <Menu.Item onClick={() => onOpen({ dialog: 'retire', volume })} data-testid="volume-retire">
                  {t('volumes.retire')}
                </Menu.Item>
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
        {volume.location}
      </Text>
      {volume.detail && (
        <Alert color="yellow" variant="light" p="xs" mt="xs">
          {volume.detail}
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
        {volume.segments !== undefined && (
          <Figure name={t('volumes.segments')} value={String(volume.segments)} />
        )}
        {moving?.bytesLeft !== undefined && (
          <Figure name={t('volumes.moving')} value={bytes(moving.bytesLeft)} />
        )}
      </dl>
      {moving?.trouble && (
        <Text size="xs" c="yellow" mt={4}>
          {moving.trouble}
        </Text>
      )}
    </section>
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
