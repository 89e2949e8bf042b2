// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCamera } from '../../api/queries';
import { isUnderWay, type Rollout, useRolloutTask } from '../../api/rollouts';
import { serverClock } from '../../api/serverClock';
import { wordFor } from '../../i18n';
import { CameraStateIcon, stateText } from '../../ui/CameraStateIcon';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { sentence } from '../../ui/serverText';
import { dateTime, duration } from '../../ui/time';

const COLOUR: Record<string, string> = { promoted: 'teal', rolled_back: 'red' };

/** How a move to another version stands, or how the last one ended. */
export function RolloutProgress({ rollout, canManage }: { rollout: Rollout; canManage: boolean }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const { driver, phase, from, to, since, findings } = rollout;
  const runs = isUnderWay(rollout);
  const said = sentence(rollout.detail, t('rollout.versions', { from, to }));
  return (
    <Alert
      color={COLOUR[phase] ?? 'signal'}
      variant="light"
      p="xs"
      mt="sm"
      title={wordFor('rollout.phase', phase)}
      data-testid={`rollout-state-${driver}`}
      data-phase={phase}
    >
      <Text size="xs">{said}</Text>
      {runs ? (
        <Watched rollout={rollout} />
      ) : (
        <Text size="xs" c="dimmed">
          {dateTime(Date.parse(since))}
        </Text>
      )}
      {findings.length > 0 && (
        <List size="xs" mt={4} lang="en" data-testid={`rollout-findings-${driver}`}>
          {findings.map((finding) => (
            <List.Item key={finding}>{finding}</List.Item>
          ))}
        </List>
      )}
      {runs && canManage && (
        <Group mt="xs">
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => setAsking(true)}
            data-testid={`rollout-giveup-${driver}`}
          >
            {t('rollout.giveUp')}
          </Button>
        </Group>
      )}
      {asking && <GiveUp rollout={rollout} onClose={() => setAsking(false)} />}
    </Alert>
  );
}

/** For how long the phase has lasted, and how the camera fares that went first. */
function Watched({ rollout: { cameraId, since } }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const camera = useCamera(cameraId);
  const [, renew] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => renew((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  const length = duration(Math.max(0, serverClock.now() - Date.parse(since)));
  const rates = camera?.status.streams
    .filter(({ framesPerSecond }) => framesPerSecond > 0)
    .map(({ role, framesPerSecond }) => `${wordFor('stream', role)} ${Math.round(framesPerSecond)} fps`);
  return (
    <>
      <Text size="xs" c="dimmed">
        {t('rollout.since', { length })}
      </Text>
      {camera && (
        <Group gap={6} mt={4} wrap="nowrap" data-testid="rollout-canary">
          <CameraStateIcon status={camera.status} />
          <Text size="xs">
            {[
              camera.name,
              stateText(camera.status),
              ...(rates ?? []),
              camera.status.device && t('rollout.runs', { version: camera.status.device.driverVersion }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </Group>
      )}
    </>
  );
}

function GiveUp({ rollout, onClose }: { rollout: Rollout; onClose: () => void }) {
  const { t } = useTranslation();
  const { driver, from, to } = rollout;
  return (
    <ConfirmDialog
      title={t('rollout.giveUpTitle', { from, to })}
      text={t('rollout.giveUpText', { from, to })}
      action={t('rollout.giveUp')}
      task={useRolloutTask()}
      value={{ kind: 'giveUp' as const, driver }}
      done={t('rollout.gaveUp', { from })}
      testId="rollout"
      onClose={onClose}
    />
  );
}
