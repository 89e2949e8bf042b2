// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type PtzTurn, useTakeTurn } from '../../api/control';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';

/** Whether somebody else moves the camera, who goes before the user. */
export const isOthers = (turn: PtzTurn | undefined): boolean => turn !== undefined && !turn.mayTake;

/** Who else moves the camera, before one tries; who goes before them takes it over. */
export function TurnNotice({ cameraId, turn }: { cameraId: string; turn?: PtzTurn }) {
  const { t } = useTranslation();
  const others = turn?.by && !turn.own ? turn : undefined;
  return (
    <>
      {/* Stays in the document: what comes into it is read out; the seconds are not, one by one. */}
      <VisuallyHidden role="status">{others && t('control.turn.by', { name: others.by })}</VisuallyHidden>
      {others && <Others turn={others} cameraId={cameraId} />}
    </>
  );
}

function Others({ cameraId, turn }: { cameraId: string; turn: PtzTurn }) {
  const { t } = useTranslation();
  const take = useTakeTurn(cameraId);
  const { by: name, mayTake, freeInSeconds: seconds } = turn;
  return (
    <Alert
      role="group"
      aria-label={t('control.turn.by', { name })}
      color="yellow"
      variant="light"
      p="xs"
      mb="xs"
      icon={<IconHandStop size={18} />}
      data-may-take={mayTake}
      data-testid="ptz-turn"
    >
      <Text size="sm" fw={600}>
        {t('control.turn.by', { name })}
      </Text>
      <Group gap="xs" justify="space-between">
        <Text size="xs">{t(mayTake ? 'control.turn.yours' : 'control.turn.theirs', { name, seconds })}</Text>
        {mayTake && (
          <Button
            size="compact-xs"
            variant="default"
            loading={take.isPending}
            onClick={() => take.mutate(undefined, { onError: (error) => toast(problemText(error), 'error') })}
            data-testid="ptz-take"
          >
            {t('control.turn.take')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
