// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group } from '@mantine/core';
import { IconCameraDown, IconClock, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeviceClock, useDevicePicture, useReboot, useSyncClock } from '../../api/control';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { savePicture } from '../../ui/download';
import { tenths } from '../../ui/number';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import classes from './ControlPage.module.css';

/** Beyond this a clock that is wrong is shown as such. */
const OFFSET_MS_MAX = 2_000;

interface Props {
  camera: Camera;
  hasSnapshot: boolean;
  hasClock: boolean;
  hasReboot: boolean;
}

/** The device itself: who it is, its clock, a picture it takes, starting it anew. */
export function DeviceSection({ camera, hasSnapshot, hasClock, hasReboot }: Props) {
  const { t } = useTranslation();
  const [rebooting, setRebooting] = useState(false);
  const picture = useDevicePicture();
  const identity = camera.status.device?.identity;
  const facts = identity && [
    ['manufacturer', identity.manufacturer],
    ['model', identity.model],
    ['firmware', identity.firmware],
    ['serialNumber', identity.serialNumber],
    ['macAddress', identity.macAddress],
  ];
  /** By a promise: the picture is wanted, and why there is none, even when this part is not shown any more. */
  async function take() {
    try {
      savePicture(await picture.mutateAsync(camera.id), camera.name, serverClock.now());
    } catch (error) {
      toast(problemText(error), 'error');
    }
  }
  return (
    <>
      {facts && (
        <dl className={classes.facts}>
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{t(`control.identity.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      )}
      <Group gap="xs">
        {hasSnapshot && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCameraDown size={15} />}
            loading={picture.isPending}
            onClick={() => void take()}
            data-testid="device-snapshot"
          >
            {t('control.snapshot')}
          </Button>
        )}
        {hasReboot && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} />}
            onClick={() => setRebooting(true)}
            data-testid="device-reboot"
          >
            {t('control.reboot')}
          </Button>
        )}
      </Group>
      {/* Below the buttons: it comes later, and must not move them from under a pointer. */}
      {hasClock && <Clock camera={camera} />}
      {rebooting && <Reboot camera={camera} onClose={() => setRebooting(false)} />}
    </>
  );
}

function Clock({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const canManage = mayWith(camera, 'manage_cameras');
  const clock = useDeviceClock(camera.id);
  const sync = useSyncClock(camera.id);
  if (clock.error) {
    return (
      <Alert color="yellow" variant="light" p="xs" mt="xs">
        {problemText(clock.error)}
      </Alert>
    );
  }
  if (!clock.data) {
    return null;
  }
  const { time, offsetMs } = clock.data;
  const seconds = tenths(Math.abs(offsetMs) / 1000);
  const wrong = Math.abs(offsetMs) > OFFSET_MS_MAX;
  return (
    <Group gap="xs" mt="xs" wrap="nowrap" justify="space-between" data-testid="device-clock">
      <span style={{ fontSize: '0.78rem' }}>
        {t('control.clock', { time: dateTime(Date.parse(time)) })}{' '}
        <span style={wrong ? { color: 'var(--nx-warn)' } : undefined}>
          {t(offsetMs < 0 ? 'control.behind' : 'control.ahead', { seconds })}
        </span>
      </span>
      {canManage && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconClock size={14} />}
          loading={sync.isPending}
          style={{ flex: 'none' }}
          onClick={() =>
            sync.mutate(undefined, {
              onSuccess: () => toast(t('control.clockSet')),
              onError: (error) => toast(problemText(error), 'error'),
            })
          }
          data-testid="device-clock-sync"
        >
          {t('control.setClock')}
        </Button>
      )}
    </Group>
  );
}

function Reboot({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = camera;
  return (
    <ConfirmDialog
      title={t('control.rebootTitle', { name })}
      text={t('control.rebootText')}
      action={t('control.reboot')}
      danger
      task={useReboot()}
      value={camera.id}
      done={t('control.rebooting', { name })}
      testId="reboot"
      onClose={onClose}
    />
  );
}
